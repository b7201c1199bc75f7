import {
  type Application,
  authorizationUrl,
  type Home,
  newPkce,
  obtainCode,
  obtainTokens,
  type RegisteredClient,
  redirectUri,
  registerClient,
  tokenRequest,
  userinfo,
  type Visit,
} from "@signet/testkit";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { expect } from "vitest";
import { errorIn } from "./outcomes.ts";
import { assertionForm, jwksFor, keyPairFor } from "./shown-credentials.ts";

const jwsAlgorithms = ["RS", "ES", "PS", "HS"]
  .flatMap((family) => ["256", "384", "512"].map((bits) => family + bits))
  .concat("ES256K", "EdDSA", "Ed25519", "Ed448", "none");
const authenticationMethods = [
  ...["client_secret_basic", "client_secret_post", "none", "client_secret_jwt", "private_key_jwt"],
  ...["tls_client_auth", "self_signed_tls_client_auth"],
];

/** An application, and where clients like it are registered. */
export interface AtHome extends Application {
  readonly home: Home;
}

/** Every value that a provider might list, and more; whichever of them Signet accepts has to be in the list, and no other. */
export const lists: readonly {
  readonly member: string;
  readonly candidates: readonly string[];
  readonly isAccepted: Acceptance;
}[] = [
  {
    member: "grant_types_supported",
    candidates: [
      ...["authorization_code", "refresh_token", "client_credentials", "implicit", "password"],
      ...["device_code", "jwt-bearer", "saml2-bearer", "token-exchange"].map(
        (name) => `urn:ietf:params:oauth:grant-type:${name}`,
      ),
      "urn:openid:params:grant-type:ciba",
    ],
    isAccepted: acceptsGrantType,
  },
  {
    member: "token_endpoint_auth_methods_supported",
    candidates: authenticationMethods,
    isAccepted: acceptsAuthenticationMethod,
  },
  {
    member: "id_token_signing_alg_values_supported",
    candidates: jwsAlgorithms,
    isAccepted: acceptsAlgorithm,
  },
  {
    member: "userinfo_signing_alg_values_supported",
    candidates: jwsAlgorithms,
    isAccepted: acceptsUserInfoAlgorithm,
  },
  {
    member: "introspection_endpoint_auth_methods_supported",
    candidates: authenticationMethods,
    isAccepted: (application, method) => acceptsMethodAt(application, method, "/oauth2/v1/introspect"),
  },
  {
    member: "revocation_endpoint_auth_methods_supported",
    candidates: authenticationMethods,
    isAccepted: (application, method) => acceptsMethodAt(application, method, "/oauth2/v1/revoke"),
  },
  ...["token", "introspection", "revocation"].map((endpoint) => ({
    member: `${endpoint}_endpoint_auth_signing_alg_values_supported`,
    candidates: jwsAlgorithms,
    // What is known of the algorithm is known where a token of no importance is asked about; the token endpoint has no such question, and the same code.
    isAccepted: (application: AtHome, algorithm: string) =>
      acceptsAssertionAlgorithm(
        application,
        algorithm,
        endpoint === "introspection" ? "/oauth2/v1/introspect" : "/oauth2/v1/revoke",
      ),
  })),
  {
    member: "introspection_signing_alg_values_supported",
    candidates: jwsAlgorithms,
    isAccepted: acceptsIntrospectionAlgorithm,
  },
  {
    member: "request_object_signing_alg_values_supported",
    candidates: jwsAlgorithms,
    isAccepted: acceptsRequestObjectAlgorithm,
  },
  {
    member: "response_types_supported",
    candidates: ["code", "token", "id_token", "code token", "code id_token", "id_token token", "code id_token token", "none"],
    isAccepted: async (application, value) => hasCode(await request(application, { response_type: value })),
  },
  {
    member: "response_modes_supported",
    candidates: ["query", "fragment", "form_post", "web_message", "jwt", "query.jwt", "fragment.jwt", "form_post.jwt"],
    isAccepted: async (application, value) => hasCode(await request(application, { response_mode: value })),
  },
  {
    member: "code_challenge_methods_supported",
    candidates: ["S256", "plain", "s256", "S512"],
    isAccepted: async (application, value) => {
      const challenge = { code_challenge: newPkce().challenge, code_challenge_method: value };
      return hasCode(await request(application, challenge));
    },
  },
  {
    member: "prompt_values_supported",
    candidates: ["none", "login", "consent", "select_account", "create", "reauthenticate"],
    isAccepted: async (application, value) => errorIn(await request(application, { prompt: value })) !== "invalid_request",
  },
  {
    member: "display_values_supported",
    candidates: ["page", "popup", "touch", "wap", "embedded", "tv"],
    isAccepted: async (application, value) => hasCode(await request(application, { display: value })),
  },
  {
    member: "acr_values_supported",
    candidates: ["0", "1", "phr", "phrh", ...["Password", "PasswordProtectedTransport", "unspecified"].map(samlClass)],
    isAccepted: async (application, value) => {
      const claims = JSON.stringify({ id_token: { acr: { essential: true, values: [value] } } });
      const isMet = hasCode(await request(application, { claims }));
      if (isMet) expect(decodeJwt((await obtainTokens(application, { claims })).id_token).acr).toBe(value);
      return isMet;
    },
  },
  {
    member: "scopes_supported",
    candidates: ["openid", "profile", "email", "address", "phone", "offline_access", "roles", "groups", "device_sso"],
    isAccepted: async (application, value) => {
      const { access_token } = await obtainTokens(application, { scope: `openid ${value}` });
      return String(decodeJwt(access_token).scope).split(" ").includes(value);
    },
  },
];

function samlClass(name: string): string {
  return `urn:oasis:names:tc:SAML:2.0:ac:classes:${name}`;
}

type Acceptance = (application: AtHome, value: string) => Promise<boolean>;

export async function request(
  { issuer, client, agent }: Application,
  parameters: Readonly<Record<string, string>>,
): Promise<Visit> {
  return agent.open(authorizationUrl(issuer, client, parameters));
}

function hasCode({ callback, html }: Visit): boolean {
  return callback?.searchParams.has("code") || /<input type="hidden" name="code" value="[\w-]{43}">/.test(html);
}

/** Undefined where the metadata are refused. */
export function register({ home }: AtHome, metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient | undefined> {
  return registerClient(home, metadata, home.name).catch(() => undefined);
}

async function acceptsGrantType(application: AtHome, value: string): Promise<boolean> {
  const client = await register(application, { grant_types: [...new Set(["authorization_code", value])] });
  const reply = await tokenRequest(application.issuer, client ?? application.client, { grant_type: value });
  const isKnown = !(await reply.text()).includes('"unsupported_grant_type"');
  expect(isKnown).toBe(client !== undefined);
  return isKnown;
}

async function acceptsAuthenticationMethod(application: AtHome, method: string): Promise<boolean> {
  const client = await registerFor(application, method);
  if (client === undefined) return false;
  const { code, verifier } = await obtainCode({ ...application, client });
  const parameters = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier };
  return (await authenticated(application.issuer, client, method, parameters)).ok;
}

/** Whether a client of this method gets an answer about a token of no importance. */
async function acceptsMethodAt(application: AtHome, method: string, path: string): Promise<boolean> {
  const client = await registerFor(application, method);
  return client !== undefined && (await authenticated(application.issuer, client, method, { token: "x" }, path)).ok;
}

/** Whether a client may authenticate by assertions that are signed, or have a MAC, by the algorithm. */
async function acceptsAssertionAlgorithm(application: AtHome, algorithm: string, path: string): Promise<boolean> {
  const method = algorithm.startsWith("HS") ? "client_secret_jwt" : "private_key_jwt";
  const client = await registerFor(application, method, algorithm);
  if (client === undefined || algorithm === "none") return client !== undefined;
  return (await authenticated(application.issuer, client, method, { token: "x" }, path, algorithm)).ok;
}

function registerFor(application: AtHome, method: string, algorithm = "ES256"): Promise<RegisteredClient | undefined> {
  return register(application, {
    token_endpoint_auth_method: method,
    grant_types: ["authorization_code"],
    ...(method.endsWith("_jwt") && algorithm !== "ES256" ? { token_endpoint_auth_signing_alg: algorithm } : {}),
    ...(method === "private_key_jwt" || method === "self_signed_tls_client_auth" ? { jwks: jwksFor(algorithm) } : {}),
    ...(method === "tls_client_auth" ? { tls_client_auth_subject_dn: "CN=app" } : {}),
  });
}

async function authenticated(
  issuer: string,
  client: RegisteredClient,
  method: string,
  parameters: Readonly<Record<string, string>>,
  path = "/oauth2/v1/token",
  algorithm = method === "client_secret_jwt" ? "HS256" : "ES256",
): Promise<Response> {
  if (method === "client_secret_basic") return tokenRequest(issuer, client, parameters, path);
  const { client_id, client_secret } = client;
  const shown = method.endsWith("_jwt")
    ? await assertionForm(client, issuer, algorithm)
    : { client_id, ...(method === "client_secret_post" ? { client_secret } : {}) };
  return fetch(`${issuer}${path}`, { method: "POST", body: new URLSearchParams({ ...parameters, ...shown }) });
}

async function acceptsUserInfoAlgorithm(application: AtHome, value: string): Promise<boolean> {
  const client = await register(application, { userinfo_signed_response_alg: value });
  if (client === undefined) return false;
  const { access_token } = await obtainTokens({ ...application, client }, { scope: "openid" });
  return decodeProtectedHeader(await (await userinfo(application.issuer, access_token)).text()).alg === value;
}

/** A client that is new has to be allowed first: the page that asks for it shows that the request was accepted. */
async function acceptsRequestObjectAlgorithm(application: AtHome, alg: string): Promise<boolean> {
  const client = await register(application, { request_object_signing_alg: alg, jwks: jwksFor(alg) });
  if (client === undefined) return false;
  const { client_id } = client;
  const claims = { iss: client_id, aud: application.issuer, client_id, redirect_uri: redirectUri, state: "inner" };
  const object = await new SignJWT(claims).setProtectedHeader({ alg }).sign(keyPairFor(alg).privateKey);
  const visit = await request({ ...application, client }, { request: object, state: "inner" });
  return visit.heading === "Allow access";
}

async function acceptsIntrospectionAlgorithm(application: AtHome, value: string): Promise<boolean> {
  const client = await register(application, { introspection_signed_response_alg: value });
  if (client === undefined) return false;
  const credentials = Buffer.from(`${client.client_id}:${client.client_secret}`).toString("base64");
  const reply = await fetch(`${application.issuer}/oauth2/v1/introspect`, {
    method: "POST",
    headers: { Authorization: `Basic ${credentials}`, Accept: "application/token-introspection+jwt" },
    body: new URLSearchParams({ token: "x" }),
  });
  return decodeProtectedHeader(await reply.text()).alg === value;
}

async function acceptsAlgorithm(application: AtHome, value: string): Promise<boolean> {
  const client = await register(application, { id_token_signed_response_alg: value });
  if (client === undefined) return false;
  const { id_token } = await obtainTokens({ ...application, client });
  return decodeProtectedHeader(id_token).alg === value;
}
