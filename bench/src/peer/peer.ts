import { randomBytes } from "node:crypto";
import { fileURLToPath } from "node:url";
import { freePort } from "@signet/test-servers";
import type { Contender, RegisteredClient, TokenAlgorithm } from "../contender.ts";
import type { Pinning } from "../processes/cores.ts";
import { launch } from "../processes/server-process.ts";

const program = fileURLToPath(new URL("server.ts", import.meta.url));

export interface RunningPeer {
  readonly contender: Contender;
  stop(): Promise<void>;
}

/**
 * Starts the npm package oidc-provider in a process of its own.
 * @param store where it keeps its state: plain maps, its own adapter, or the Redis of that URL
 */
export async function startPeer(pinning: Pinning, store: "maps" | "own" | `redis://${string}`): Promise<RunningPeer> {
  const port = await freePort();
  const askingClient = newClient("ES256");
  const clients = { client: newClient("ES256"), rs256Client: newClient("RS256"), askingClient, opaqueClient: askingClient };
  const server = await launch({
    command: [...pinning.serverPrefix, process.execPath, program],
    environment: {
      NODE_ENV: "production",
      PEER_PORT: String(port),
      PEER_STORE: store,
      PEER_CLIENTS: [clients.client, clients.rs256Client, clients.askingClient].map(({ id, secret }) => `${id}:${secret}`).join(),
    },
    port,
    readyPath: "/.well-known/openid-configuration",
  });
  const contender: Contender = {
    name: "peer",
    issuer: `http://localhost:${port}`,
    port,
    processIds: [server.processId],
    authorizationPath: "/auth",
    tokenPath: "/token",
    userInfoPath: "/me",
    introspectionPath: "/token/introspection",
    keysPath: "/jwks",
    ...clients,
    answers: { login: "alice", password: "any: its development pages take every password" },
  };
  return { contender, stop: server.stop };
}

function newClient(algorithm: TokenAlgorithm): RegisteredClient {
  return { id: randomBytes(12).toString("hex"), secret: randomBytes(32).toString("base64url"), algorithm };
}
