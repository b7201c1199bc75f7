import {
  type Application,
  authorizationUrl,
  createTenant,
  createUser,
  type Home,
  newApplication,
  newPkce,
  obtainCode,
  obtainTokens,
  type RegisteredClient,
  redirectUri,
  registerClient,
  type Signet,
  startSignet,
  tokenRequest,
  userinfo,
  type Visit,
} from "@signet/testkit";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn } from "./outcomes.ts";
import { assertionForm, jwksFor, keyPairFor } from "./shown-credentials.ts";

let signet: Signet;
let homes: Readonly<Record<string, Home>>;
beforeAll(async () => {
  signet = await startSignet();
  homes = { default: signet, elsewhere: await createTenant(signet, "elsewhere") };
});
afterAll(() => signet.stop());

const profile = {
  name: "Alice Liddell",
  family_name: "Liddell",
  given_name: "Alice",
  middle_name: "Pleasance",
  nickname: "Al",
  profile: "https://alice.example/",
  picture: "https://alice.example/picture.png",
  website: "https://alice.example/",
  gender: "female",
  birthdate: "1852-05-04",
  zoneinfo: "Europe/London",
  locale: "en-GB",
  address: { country: "GB" },
  phone_number: "+44 20 7946 0000",
  phone_number_verified: true,
};

const jwsAlgorithms = ["RS", "ES", "PS", "HS"]
  .flatMap((family) => ["256", "384", "512"].map((bits) => family + bits))
  .concat("ES256K", "EdDSA", "Ed25519", "Ed448", "none");
const authenticationMethods = [
  ...["client_secret_basic", "client_secret_post", "none", "client_secret_jwt", "private_key_jwt"],
  ...["tls_client_auth", "self_signed_tls_client_auth"],
];

/** Every value that a provider might list, and more; whichever of them Signet accepts has to be in the list, and no other. */
const lists: readonly { readonly member: string; readonly candidates: readonly string[]; readonly isAccepted: Acceptance }[] = [
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
    isAccepted: (application: Application, algorithm: string) =>
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

type Acceptance = (application: Application, value: string) => Promise<boolean>;

async function request({ issuer, client, agent }: Application, parameters: Readonly<Record<string, string>>): Promise<Visit> {
  return agent.open(authorizationUrl(issuer, client, parameters));
}

function hasCode({ callback, html }: Visit): boolean {
  return callback?.searchParams.has("code") || /<input type="hidden" name="code" value="[\w-]{43}">/.test(html);
}

/** Undefined where the metadata are refused. */
function register({ issuer }: Application, metadata: Readonly<Record<string, unknown>>): Promise<RegisteredClient | undefined> {
  const home: Home = Object.values(homes).find((one) => (one.issuer ?? one.url) === issuer) ?? signet;
  return registerClient(home, metadata, home.name).catch(() => undefined);
}

async function acceptsGrantType(application: Application, value: string): Promise<boolean> {
  const client = await register(application, { grant_types: [...new Set(["authorization_code", value])] });
  const reply = await tokenRequest(application.issuer, client ?? application.client, { grant_type: value });
  const isKnown = !(await reply.text()).includes('"unsupported_grant_type"');
  expect(isKnown).toBe(client !== undefined);
  return isKnown;
}

async function acceptsAuthenticationMethod(application: Application, method: string): Promise<boolean> {
  const client = await registerFor(application, method);
  if (client === undefined) return false;
  const { code, verifier } = await obtainCode({ ...application, client });
  const parameters = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier };
  return (await authenticated(application.issuer, client, method, parameters)).ok;
}

/** Whether a client of this method gets an answer about a token of no importance. */
async function acceptsMethodAt(application: Application, method: string, path: string): Promise<boolean> {
  const client = await registerFor(application, method);
  return client !== undefined && (await authenticated(application.issuer, client, method, { token: "x" }, path)).ok;
}

/** Whether a client may authenticate by assertions that are signed, or have a MAC, by the algorithm. */
async function acceptsAssertionAlgorithm(application: Application, algorithm: string, path: string): Promise<boolean> {
  const method = algorithm.startsWith("HS") ? "client_secret_jwt" : "private_key_jwt";
  const client = await registerFor(application, method, algorithm);
  if (client === undefined || algorithm === "none") return client !== undefined;
  return (await authenticated(application.issuer, client, method, { token: "x" }, path, algorithm)).ok;
}

function registerFor(application: Application, method: string, algorithm = "ES256"): Promise<RegisteredClient | undefined> {
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

async function acceptsUserInfoAlgorithm(application: Application, value: string): Promise<boolean> {
  const client = await register(application, { userinfo_signed_response_alg: value });
  if (client === undefined) return false;
  const { access_token } = await obtainTokens({ ...application, client }, { scope: "openid" });
  return decodeProtectedHeader(await (await userinfo(application.issuer, access_token)).text()).alg === value;
}

/** A client that is new has to be allowed first: the page that asks for it shows that the request was accepted. */
async function acceptsRequestObjectAlgorithm(application: Application, alg: string): Promise<boolean> {
  const client = await register(application, { request_object_signing_alg: alg, jwks: jwksFor(alg) });
  if (client === undefined) return false;
  const { client_id } = client;
  const claims = { iss: client_id, aud: application.issuer, client_id, redirect_uri: redirectUri, state: "inner" };
  const object = await new SignJWT(claims).setProtectedHeader({ alg }).sign(keyPairFor(alg).privateKey);
  const visit = await request({ ...application, client }, { request: object, state: "inner" });
  return visit.heading === "Allow access";
}

async function acceptsIntrospectionAlgorithm(application: Application, value: string): Promise<boolean> {
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

async function acceptsAlgorithm(application: Application, value: string): Promise<boolean> {
  const client = await register(application, { id_token_signed_response_alg: value });
  if (client === undefined) return false;
  const { id_token } = await obtainTokens({ ...application, client });
  return decodeProtectedHeader(id_token).alg === value;
}

describe.each(["default", "elsewhere"])("what discovery says of the tenant %s", (name) => {
  let application: Application;
  let metadata: Readonly<Record<string, unknown>>;
  beforeAll(async () => {
    const home = homes[name] ?? signet;
    const person = await createUser(home, "discovered-alice", { email: "alice@app.example", claims: profile });
    application = await newApplication(home, { person });
    metadata = await metadataAt(`${application.issuer}/.well-known/openid-configuration`);
    await obtainTokens(application);
  });

  test("has these members, each of which is tested here", () => {
    expect(Object.keys(metadata).sort()).toEqual(
      [
        ...["issuer", "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri"],
        ...["introspection_endpoint", "revocation_endpoint", "end_session_endpoint"],
        ...lists.map(({ member }) => member),
        ...["subject_types_supported", "claim_types_supported", "claims_supported", "claims_parameter_supported"],
        ...["request_parameter_supported", "request_uri_parameter_supported", "authorization_response_iss_parameter_supported"],
        ...["backchannel_logout_supported", "backchannel_logout_session_supported"],
        ...["frontchannel_logout_supported", "frontchannel_logout_session_supported"],
        ...["ui_locales_supported", "require_request_uri_registration"],
      ].sort(),
    );
  });

  test("is the same under each of its names, and may be read from any origin", async () => {
    const host = new URL(signet.url).origin;
    const behind = name === "default" ? "" : `/${name}`;
    for (const kind of ["openid-configuration", "oauth-authorization-server"]) {
      for (const url of [`${application.issuer}/.well-known/${kind}`, `${host}/.well-known/${kind}${behind}`]) {
        expect(await metadataAt(url)).toEqual(metadata);
        expect(await metadataAt(`${url}/`)).toEqual(metadata);
      }
    }
  });

  test("names no endpoint that is not there", async () => {
    const endpoints = Object.entries(metadata).filter(([member]) => /_(?:endpoint|uri)$/.test(member));
    expect(endpoints).toHaveLength(7);
    for (const [member, url] of endpoints) {
      expect(url).toMatch(new RegExp(`^${application.issuer}/oauth2/v1/\\w+$`));
      const replies = await Promise.all(["GET", "POST"].map((method) => fetch(String(url), { method })));
      expect([member, replies.map(({ status }) => status)]).not.toEqual([member, expect.arrayContaining([404])]);
      expect([member, replies.every(({ status }) => status < 500)]).toEqual([member, true]);
    }
  });

  test.each(lists)("$member lists exactly what is accepted", async ({ member, candidates, isAccepted }) => {
    const accepted: string[] = [];
    for (const candidate of candidates) {
      if (await isAccepted({ ...application, agent: application.agent.clone() }, candidate)) accepted.push(candidate);
    }
    expect([...accepted].sort()).toEqual([...listOf(metadata, member)].sort());
  });

  test("claims_supported lists exactly what ID token and userinfo carry of a person about whom all is known", async () => {
    const all = { scope: "openid profile email address phone", nonce: "a-nonce", acr_values: "any" };
    const tokens = await obtainTokens(application, all);
    const claims = await (await userinfo(application.issuer, tokens.access_token)).text();
    const carried = new Set([...Object.keys(decodeJwt(tokens.id_token)), ...Object.keys(JSON.parse(claims))]);
    expect([...carried].sort()).toEqual([...listOf(metadata, "claims_supported")].sort());
    expect(metadata.claim_types_supported).toEqual(["normal"]);
  });

  test("subject_types_supported: a person is the same to every client, or to those of a sector", async () => {
    expect(metadata.subject_types_supported).toEqual(["public", "pairwise"]);
    const clients = [
      application.client,
      await register(application, {}),
      await register(application, { subject_type: "pairwise" }),
    ];
    const subjects = clients.map(async (client = application.client) => {
      const { id_token } = await obtainTokens({ ...application, client, agent: application.agent.clone() });
      return decodeJwt(id_token).sub;
    });
    const [first, second, third] = await Promise.all(subjects);
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test("request_parameter_supported, request_uri_parameter_supported: both are read, and an address has to be registered", async () => {
    for (const member of ["request", "request_uri"]) expect(metadata[`${member}_parameter_supported`]).toBe(true);
    expect(metadata.require_request_uri_registration).toBe(true);
    expect(errorIn(await request(application, { request: "eyJhbGciOiJub25lIn0.e30." }))).toBe("invalid_request_object");
    expect(errorIn(await request(application, { request_uri: "https://app.example/request" }))).toBe("invalid_request_uri");
  });

  test("claims_parameter_supported: claims that are asked for by name come in the ID token and from userinfo", async () => {
    expect(metadata.claims_parameter_supported).toBe(true);
    const claims = JSON.stringify({ id_token: { email: { essential: true } }, userinfo: { birthdate: null } });
    const tokens = await obtainTokens(application, { claims });
    expect(decodeJwt(tokens.id_token)).toMatchObject({ email: "alice@app.example" });
    const reply = await (await userinfo(application.issuer, tokens.access_token)).json();
    expect(reply).toEqual({ sub: expect.any(String), birthdate: "1852-05-04" });
  });

  test("ui_locales_supported: the pages are in English, whatever is asked for", async () => {
    expect(metadata.ui_locales_supported).toEqual(["en"]);
    for (const ui_locales of ["fr-CA fr", "xx", "en", "-"]) {
      const { agent } = await newApplication(homes[name] ?? signet);
      const { html } = await request({ ...application, agent }, { ui_locales, claims_locales: ui_locales });
      expect(html).toContain('<html lang="en">');
    }
  });

  test("authorization_response_iss_parameter_supported: every response has the issuer that discovery has", async () => {
    expect(metadata).toMatchObject({ issuer: application.issuer, authorization_response_iss_parameter_supported: true });
    for (const parameters of [{}, { prompt: "create" }, { scope: "nothing-known" }, { response_type: "token" }]) {
      const { callback } = await request(application, parameters);
      expect(callback?.searchParams.get("iss")).toBe(metadata.issuer);
    }
  });
});

async function metadataAt(url: string): Promise<Readonly<Record<string, unknown>>> {
  const reply = await fetch(url);
  expect([reply.status, reply.headers.get("Access-Control-Allow-Origin")]).toEqual([200, "*"]);
  expect(reply.headers.get("Content-Type")).toBe("application/json;charset=UTF-8");
  return JSON.parse(await reply.text());
}

function listOf(metadata: Readonly<Record<string, unknown>>, member: string): readonly string[] {
  const list = metadata[member];
  if (!Array.isArray(list)) throw new Error(`${member} is no list`);
  return list.map(String);
}
