import { administer, createTenant, type Home, redirectUri, type Signet } from "@signet/testkit";
import { expect } from "vitest";
import { type ApiReply, type ApiRequest, send } from "./api-request.ts";

type RegistrationHome = Home & { readonly name: string; readonly issuer: string };

/** A tenant of its own whose clients may register themselves as the settings say. */
export async function registeringTenant(
  signet: Signet,
  name: string,
  settings: Readonly<Record<string, unknown>>,
): Promise<RegistrationHome> {
  const home = await createTenant(signet, name);
  await setRegistration(home, settings);
  return home;
}

/** Changes what the tenant says of clients that register themselves. */
export async function setRegistration(home: RegistrationHome, settings: Readonly<Record<string, unknown>>): Promise<void> {
  await administer(home, "POST", `/${home.name}/oidc`, { dynamic_registration: settings });
}

/** An initial access token, one use unless `terms` say otherwise. */
export async function initialAccessToken(home: RegistrationHome, terms: Readonly<Record<string, unknown>> = {}): Promise<string> {
  const { token } = await administer(home, "POST", `/${home.name}/oidc/initial-access-tokens`, terms);
  return String(token);
}

/** One request to the registration endpoint. */
export function askToRegister(
  { issuer }: Pick<RegistrationHome, "issuer">,
  body: object | string = {},
  token?: string,
  { headers = {} }: Pick<ApiRequest, "headers"> = {},
): Promise<ApiReply> {
  return send(`${issuer}/oauth2/v1/register`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...bearing(token), ...headers },
    body,
  });
}

export interface DynamicClient {
  readonly client_id: string;
  /** Empty for a client without one. */
  readonly client_secret: string;
  readonly registration_access_token: string;
  readonly registration_client_uri: string;
  readonly [member: string]: unknown;
}

/** A client that registered itself, with one redirect URI unless the metadata say otherwise. */
export async function dynamicClient(
  home: Pick<RegistrationHome, "issuer">,
  metadata: Readonly<Record<string, unknown>> = {},
  token?: string,
): Promise<DynamicClient> {
  const reply = await askToRegister(home, { redirect_uris: [redirectUri], ...metadata }, token);
  expect(reply.status, reply.text).toBe(201);
  return { client_secret: "", ...JSON.parse(reply.text) };
}

/** One request to the client configuration endpoint. */
export function askConfiguration(
  { registration_client_uri, registration_access_token }: DynamicClient,
  method: string,
  body?: object,
  token: string | undefined = registration_access_token,
  headers: Readonly<Record<string, string>> = {},
): Promise<ApiReply> {
  return send(registration_client_uri, {
    method,
    headers: { ...bearing(token), ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

function bearing(token: string | undefined): Readonly<Record<string, string>> {
  return token === undefined ? {} : { Authorization: `Bearer ${token}` };
}
