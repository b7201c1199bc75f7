import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "@signet/test-servers";
import { type Contender, type EndpointPaths, type RegisteredClient, redirectUri, type TokenAlgorithm } from "../contender.ts";
import type { Pinning } from "../processes/cores.ts";
import { launch, type ServerProcess } from "../processes/server-process.ts";

/** Where Signet has its endpoints. */
export const paths: EndpointPaths = {
  authorizationPath: "/oauth2/v1/auth",
  tokenPath: "/oauth2/v1/token",
  userInfoPath: "/oauth2/v1/userinfo",
  introspectionPath: "/oauth2/v1/introspect",
  keysPath: "/oauth2/v1/certs",
};

/** What the Dockerfile starts Node with. */
const optionsOfImages = ["--max-semi-space-size=8"];

/** A Signet with a data folder and clients, which may be started any number of times. */
export interface SignetInstallation {
  /** Of the client that the load acts as. */
  readonly clientId: string;
  /** @param nodeOptions options of Node, such as those of its profiler */
  start(nodeOptions?: readonly string[]): Promise<ServerProcess>;
  /** What a started server is to the load. */
  contender(server: ServerProcess): Contender;
}

/** Fills an empty data folder by a first start of `program`, registers the clients by the registration API, and stops again. */
export async function installSignet(program: string, pinning: Pinning, dataFolder: string): Promise<SignetInstallation> {
  const port = await freePort();
  const issuer = `http://localhost:${port}`;
  const password = randomBytes(18).toString("base64url");
  const environment = {
    NODE_ENV: "production",
    SIGNET_DATA_DIR: dataFolder,
    SIGNET_PORT: String(port),
    SIGNET_PUBLIC_URL: issuer,
    SIGNET_ADMIN_TOKEN: randomBytes(32).toString("base64url"),
    SIGNET_ADMIN_PASSWORD: password,
    SIGNET_LOG_LEVEL: "error",
  };
  const start = (nodeOptions: readonly string[] = []) =>
    launch({
      command: [...pinning.serverPrefix, process.execPath, ...optionsOfImages, ...nodeOptions, program],
      environment,
      port,
      readyPath: "/readyz",
    });
  const firstStart = await start();
  const clients = await registerClients(port, await readFile(join(dataFolder, "registration-token"), "utf8"));
  await firstStart.stop();
  return {
    clientId: clients.client.id,
    start,
    contender: ({ processId }) => ({
      ...paths,
      name: "signet",
      issuer,
      port,
      processIds: [processId],
      ...clients,
      answers: { username: "admin", password, decision: "allow" },
    }),
  };
}

/** Registers the clients of the bench at the tenant `default`, with its registration token. All endpoints take JWT access tokens. */
export async function registerClients(
  port: number,
  token: string,
): Promise<Pick<Contender, "client" | "rs256Client" | "askingClient" | "opaqueClient">> {
  const client = await register(port, token, "ES256");
  return {
    client,
    rs256Client: await register(port, token, "RS256"),
    askingClient: client,
    opaqueClient: await register(port, token, "ES256", "opaque"),
  };
}

async function register(
  port: number,
  token: string,
  algorithm: TokenAlgorithm,
  accessTokenFormat: "jwt" | "opaque" = "jwt",
): Promise<RegisteredClient> {
  const reply = await fetch(`http://127.0.0.1:${port}/v1/oidc/default/registration`, {
    method: "POST",
    headers: { Authorization: `Bearer ${token.trim()}`, "Content-Type": "application/json" },
    body: JSON.stringify({
      client_name: "Bench",
      application_type: "web",
      redirect_uris: [redirectUri],
      response_types: ["code"],
      grant_types: ["authorization_code", "refresh_token", "client_credentials"],
      token_endpoint_auth_method: "client_secret_basic",
      id_token_signed_response_alg: algorithm,
      access_token_format: accessTokenFormat,
      access_token_signed_response_alg: algorithm,
    }),
  });
  const text = await reply.text();
  const registered: unknown = reply.ok ? JSON.parse(text) : undefined;
  if (
    typeof registered === "object" &&
    registered !== null &&
    "client_id" in registered &&
    typeof registered.client_id === "string" &&
    "client_secret" in registered &&
    typeof registered.client_secret === "string"
  ) {
    return { id: registered.client_id, secret: registered.client_secret, algorithm };
  }
  throw new Error(`the registration API answered ${reply.status} ${text.slice(0, 300)}`);
}
