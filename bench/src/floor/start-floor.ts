import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@signet/test-servers";
import type { Contender, RegisteredClient } from "../contender.ts";
import type { Pinning } from "../processes/cores.ts";
import { launch } from "../processes/server-process.ts";

const program = fileURLToPath(new URL("server.ts", import.meta.url));

/** Starts the bare program, with a database in a folder that `resources` removes. */
export async function startFloor(pinning: Pinning, resources: AsyncDisposableStack): Promise<Contender> {
  const folder = await mkdtemp(join(tmpdir(), "signet-floor-"));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freePort();
  const client: RegisteredClient = {
    id: randomBytes(12).toString("hex"),
    secret: randomBytes(32).toString("base64url"),
    algorithm: "ES256",
  };
  const server = await launch({
    command: [...pinning.serverPrefix, process.execPath, program],
    environment: {
      NODE_ENV: "production",
      FLOOR_PORT: String(port),
      FLOOR_FOLDER: folder,
      FLOOR_CLIENT_ID: client.id,
      FLOOR_CLIENT_SECRET: client.secret,
    },
    port,
    readyPath: "/jwks",
  });
  const missing = "/none";
  return {
    name: "floor",
    issuer: `http://localhost:${port}`,
    port,
    processIds: [server.processId],
    authorizationPath: "/authorize",
    tokenPath: "/token",
    keysPath: "/jwks",
    userInfoPath: missing,
    introspectionPath: missing,
    client,
    rs256Client: client,
    askingClient: client,
    opaqueClient: client,
    answers: {},
  };
}
