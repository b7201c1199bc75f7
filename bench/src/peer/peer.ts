import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { freePort } from "@signet/test-servers";
import type { Contender } from "../contender.ts";
import type { Pinning } from "../processes/cores.ts";
import { launch } from "../processes/server-process.ts";

const program = fileURLToPath(new URL("server.ts", import.meta.url));

/** Starts the npm package oidc-provider in a process of its own. */
export async function startPeer(pinning: Pinning, store: "maps" | "own"): Promise<Contender> {
  const port = await freePort();
  const client = { id: randomBytes(12).toString("hex"), secret: randomBytes(32).toString("base64url") };
  const server = await launch({
    command: [...pinning.serverPrefix, process.execPath, program],
    environment: {
      NODE_ENV: "production",
      PEER_PORT: String(port),
      PEER_STORE: store,
      PEER_CLIENT_ID: client.id,
      PEER_CLIENT_SECRET: client.secret,
    },
    port,
    readyPath: "/.well-known/openid-configuration",
  });
  return {
    name: "peer",
    issuer: `http://localhost:${port}`,
    port,
    processIds: [server.processId],
    authorizationPath: "/auth",
    tokenPath: "/token",
    keysPath: "/jwks",
    client,
    answers: { login: "alice", password: "any: its development pages take every password" },
  };
}
