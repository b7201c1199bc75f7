import { createHash, randomBytes } from "node:crypto";
import type { Signet } from "./signet.ts";
import type { UserAgent, Visit } from "./user-agent.ts";

/** What the registration API says of a client. */
export interface RegisteredClient {
  readonly client_id: string;
  readonly client_secret: string;
}

export const redirectUri = "https://app.example/callback";

/** One request to a tenant's registration API, for a client with these metadata. */
export function registrationRequest(
  signet: Pick<Signet, "url" | "registrationToken">,
  metadata: Readonly<Record<string, unknown>>,
  workplace = "default",
): Promise<Response> {
  return fetch(`${signet.url}/v1/oidc/${workplace}/registration`, {
    method: "POST",
    headers: { Authorization: `Bearer ${signet.registrationToken}`, "Content-Type": "application/json" },
    body: JSON.stringify(metadata),
  });
}

/** Registers a client at a tenant, by the registration API. Left out, the metadata are those of a confidential web application with every grant. */
export async function registerClient(
  signet: Pick<Signet, "url" | "registrationToken">,
  metadata: Readonly<Record<string, unknown>> = {},
  workplace = "default",
): Promise<RegisteredClient> {
  const given = {
    client_name: "Test application",
    redirect_uris: [redirectUri],
    grant_types: ["authorization_code", "refresh_token", "client_credentials"],
    ...metadata,
  };
  const reply = await registrationRequest(signet, given, workplace);
  const text = await reply.text();
  if (!reply.ok) throw new Error(`the client was not registered: ${reply.status} ${text}`);
  return JSON.parse(text);
}

/** One call of the administration API; the reply's `result`. */
export async function administer(
  signet: Pick<Signet, "url" | "adminToken">,
  method: "GET" | "POST" | "PATCH" | "DELETE",
  path: string,
  body?: Readonly<Record<string, unknown>>,
): Promise<Readonly<Record<string, unknown>>> {
  const reply = await fetch(`${signet.url}/v1/workplaces${path}`, {
    method,
    headers: { "X-Auth-Token": signet.adminToken, ...(body === undefined ? {} : { "Content-Type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await reply.text();
  if (!reply.ok) throw new Error(`${method} ${path} was refused: ${reply.status} ${text}`);
  return JSON.parse(text).result;
}

/** What opens the registration API of a tenant. */
export async function registrationTokenOf(signet: Pick<Signet, "url" | "adminToken">, tenant = "default"): Promise<string> {
  const { token } = await administer(signet, "GET", `/${tenant}/oidc`);
  if (typeof token !== "string") throw new Error(`the registration token of the tenant ${tenant} is not told`);
  return token;
}

/** A tenant of its own, with its registration token, and what its issuer is. */
export async function createTenant<At extends Pick<Signet, "url" | "adminToken" | "adminPassword">>(
  signet: At,
  name: string,
): Promise<At & Pick<Signet, "registrationToken"> & { readonly name: string; readonly issuer: string }> {
  await administer(signet, "POST", "", { name });
  return { ...signet, name, issuer: `${signet.url}/${name}`, registrationToken: await registrationTokenOf(signet, name) };
}

export interface Pkce {
  readonly verifier: string;
  readonly challenge: string;
}

export function newPkce(): Pkce {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** An authorization request's URL. Parameters with the value undefined are left out. */
export function authorizationUrl(
  issuer: string,
  client: { readonly client_id: string },
  parameters: Readonly<Record<string, string | undefined>> = {},
  path = "/oauth2/v1/auth",
): string {
  const all = {
    response_type: "code",
    client_id: client.client_id,
    redirect_uri: redirectUri,
    scope: "openid",
    state: "a-state",
    ...parameters,
  };
  const given = Object.entries(all).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return `${issuer}${path}?${new URLSearchParams(given)}`;
}

/** Goes on from any page of a sign-in until the application is called back: signs in where that is asked for, and allows what is asked for. */
export async function signIn(
  agent: UserAgent,
  start: Visit,
  { username, password }: { readonly username: string; readonly password: string },
): Promise<URL> {
  let page = start;
  for (let steps = 0; steps < 4 && page.callback === undefined; steps++) {
    if (page.heading === "Sign in") page = await agent.submit(page, { username, password });
    else if (page.heading === "Allow access") page = await agent.submit(page, { decision: "allow" });
    else throw new Error(`nothing to do on the page "${page.heading}" (${page.status}) of ${page.url}:\n${page.html}`);
  }
  if (page.callback === undefined) throw new Error(`the sign-in does not end: ${page.url}`);
  return page.callback;
}

/** One request to the token endpoint, the client authenticated by Basic where it has a secret. */
export function tokenRequest(
  issuer: string,
  client: RegisteredClient,
  parameters: Readonly<Record<string, string>>,
  path = "/oauth2/v1/token",
): Promise<Response> {
  const isPublic = client.client_secret === "";
  const credentials = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  return fetch(`${issuer}${path}`, {
    method: "POST",
    headers: isPublic ? {} : { Authorization: `Basic ${credentials}` },
    body: new URLSearchParams({ ...parameters, ...(isPublic ? { client_id: client.client_id } : {}) }),
  });
}
