import {
  type Application,
  authorizationUrl,
  createUser,
  newApplication,
  newPkce,
  type RawRequest,
  rawRequest,
  type Signet,
  startSignet,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { registeringTenant } from "./dynamic-registration-request.ts";
import { expectNoInsights, granted, outcome } from "./outcomes.ts";
import { promptly } from "./promptly.ts";

let signet: Signet;
let application: Application;
let user: { readonly id: string };
beforeAll(async () => {
  // All of it comes from one address, and each request is to be looked at.
  const unlimited = { SIGNET_OPEN_REGISTRATIONS_PER_ADDRESS: "off", SIGNET_TOKEN_FAILURES_PER_ADDRESS: "off" };
  signet = await startSignet({ environment: unlimited });
  application = await newApplication(signet);
  user = await createUser(signet, "somebody");
  await registeringTenant(signet, "slow-texts", { mode: "open", quota: 100_000 });
});
afterAll(() => signet.stop());

const filled = (piece: string, length: number, end = "") => piece.repeat(length / piece.length) + end;

/** Texts that make a backtracking parser try again and again: much that fits, and an end that does not. */
const texts: Readonly<Record<string, (length: number) => string>> = {
  "letters and an end that does not fit": (length) => filled("a", length, "!"),
  "letters and a NUL": (length) => filled("a", length, "\0"),
  "words between spaces": (length) => filled("a ", length, '"'),
  "spaces and a letter": (length) => ` ${filled(" ", length)}x`,
  "spaces inside": (length) => `a${filled(" ", length)}b`,
  labels: (length) => `${filled("a.", length)}!`,
  "hyphens between letters": (length) => `a${filled("-", length)}!`,
  "dot segments": (length) => `https://a.example/${filled("../", length)}`,
  slashes: (length) => `https://a.example${filled("/", length)}\\`,
  "percent signs": (length) => filled("%2", length, "%"),
  "encoded dots": (length) => `https://a.example/${filled("%2e", length)}`,
  "a long host": (length) => `https://${filled("a.", length)}example/`,
  "a long address": (length) => `${filled("a", length)}@${filled("b", length)}`,
  "at signs": (length) => filled("@", length),
  "base64 padding": (length) => filled("A", length, filled("=", length)),
  brackets: (length) => filled("[", length, filled("(", length)),
  semicolons: (length) => filled("; ", length, "="),
  "commas and weights": (length) => filled("a/b;q=0.1,", length, ";"),
  digits: (length) => `${filled("9", length)}x`,
  "combining marks": (length) => `e${filled("\u0301", length / 2)}`,
};

const form = ["Content-Type", "application/x-www-form-urlencoded"] as const;
const json = ["Content-Type", "application/json"] as const;
const encoded = encodeURIComponent;
/** Fit for a header: what is not is a space. */
const headerText = (text: string) => text.replace(/[^\x21-\x7e]/g, " ");
const basic = ({ client_id, client_secret }: Application["client"]) =>
  ["Authorization", `Basic ${Buffer.from(`${client_id}:${client_secret}`).toString("base64")}`] as const;

function authorizing(parameters: Readonly<Record<string, string>>): RawRequest {
  const pkce = { code_challenge: newPkce().challenge, code_challenge_method: "S256" };
  const url = new URL(authorizationUrl(signet.url, application.client, { ...pkce, ...parameters }));
  return { method: "POST", target: url.pathname, headers: [form], body: url.search.slice(1) };
}

function exchanging(parameters: Readonly<Record<string, string>>): RawRequest {
  const headers = [form, basic(application.client)];
  return { method: "POST", target: "/oauth2/v1/token", headers, body: new URLSearchParams(parameters).toString() };
}

function registering(metadata: object): RawRequest {
  const headers = [json, ["Authorization", `Bearer ${signet.registrationToken}`] as const];
  const body = JSON.stringify({ redirect_uris: ["https://app.example/"], ...metadata });
  return { method: "POST", target: "/v1/oidc/default/registration", headers, body };
}

function selfRegistering(metadata: object, headers: RawRequest["headers"] = []): RawRequest {
  const body = JSON.stringify({ redirect_uris: ["https://app.example/"], ...metadata });
  return { method: "POST", target: "/slow-texts/oauth2/v1/register", headers: [json, ...headers], body };
}

function administering(method: string, path: string, body: object): RawRequest {
  const headers = [json, ["X-Auth-Token", signet.adminToken] as const];
  return { method, target: `/v1/workplaces${path}`, headers, body: JSON.stringify(body) };
}

const code = { grant_type: "authorization_code", redirect_uri: "https://app.example/callback", code: "x" };

/** Each parser that a request reaches, with as long a text as it is let through to. */
const parsers: Readonly<Record<string, readonly [length: number, request: (text: string) => RawRequest]>> = {
  "redirect_uri at authorization": [4_000, (text) => authorizing({ redirect_uri: text })],
  "redirect_uri at the token endpoint": [10_000, (text) => exchanging({ ...code, redirect_uri: text })],
  "redirect_uris at registration": [1_000, (text) => registering({ redirect_uris: [text] })],
  "a native application's redirect_uris": [1_000, (text) => registering({ application_type: "native", redirect_uris: [text] })],
  "redirect_uris beyond a host": [1_000, (text) => registering({ redirect_uris: [`https://a.example/${text}`] })],
  "scope at authorization": [4_000, (text) => authorizing({ scope: text })],
  "scope at the token endpoint": [10_000, (text) => exchanging({ grant_type: "client_credentials", scope: text })],
  "scope at registration": [2_000, (text) => registering({ scope: text })],
  "a custom scope": [2_000, (text) => registering({ scopes: [{ name: text, desc: text, fields: [text] }] })],
  code_challenge: [4_000, (text) => authorizing({ code_challenge: text })],
  code_challenge_method: [4_000, (text) => authorizing({ code_challenge_method: text })],
  code_verifier: [10_000, (text) => exchanging({ ...code, code_verifier: text })],
  code: [10_000, (text) => exchanging({ ...code, code: text })],
  refresh_token: [10_000, (text) => exchanging({ grant_type: "refresh_token", refresh_token: text })],
  "state, nonce, prompt and login_hint": [
    900,
    (text) => authorizing({ state: text, nonce: text, prompt: text, login_hint: text }),
  ],
  "acr_values, display and the locales": [
    3_000,
    (text) => authorizing({ acr_values: text, display: text, ui_locales: text, claims_locales: text }),
  ],
  claims: [12_000, (text) => authorizing({ claims: text })],
  "the name of a claim": [4_000, (text) => authorizing({ claims: JSON.stringify({ userinfo: { [text]: { values: [text] } } }) })],
  "a request object": [12_000, (text) => authorizing({ request: text })],
  "the claims of a request object": [
    3_000,
    (text) =>
      authorizing({ request: `e30.${Buffer.from(text).toString("base64url")}.${Buffer.from(text).toString("base64url")}` }),
  ],
  request_uri: [12_000, (text) => authorizing({ request_uri: `https://a.example/#${text}` })],
  max_age: [4_000, (text) => authorizing({ max_age: text })],
  "the Basic header": [
    7_000,
    (text) => ({ ...exchanging({}), headers: [form, ["Authorization", `Basic ${headerText(text)}`] as const] }),
  ],
  "the Basic header's credentials": [
    5_000,
    (text) => ({
      ...exchanging({}),
      headers: [form, ["Authorization", `Basic ${Buffer.from(text).toString("base64")}`] as const],
    }),
  ],
  "the Bearer header": [
    7_000,
    (text) => ({ target: "/oauth2/v1/userinfo", headers: [["Authorization", `Bearer ${headerText(text)}`]] }),
  ],
  "the Bearer header of an API": [
    7_000,
    (text) => ({ target: "/v1/oidc/default/registration", headers: [["Authorization", `Bearer ${headerText(text)}`]] }),
  ],
  "the administration token": [7_000, (text) => ({ target: "/v1/workplaces", headers: [["X-Auth-Token", headerText(text)]] })],
  "a bare Authorization header": [
    7_000,
    (text) => ({ target: "/oauth2/v1/userinfo", headers: [["Authorization", headerText(text)]] }),
  ],
  cookies: [7_000, (text) => ({ ...authorizing({}), headers: [form, ["Cookie", headerText(text)] as const] })],
  "the media type": [7_000, (text) => ({ ...exchanging({}), headers: [["Content-Type", headerText(text)] as const] })],
  "what is accepted": [7_000, (text) => ({ target: "/nothing", headers: [["Accept", headerText(text)]] })],
  "the tenant in the path": [2_500, (text) => ({ target: `/${encoded(text)}/oauth2/v1/certs` })],
  "the path": [7_000, (text) => ({ target: `/${headerText(text).replaceAll(" ", "/")}` })],
  "the interaction in the path": [2_500, (text) => ({ target: `/sign-in/${encoded(text)}` })],
  "a new workplace's name": [4_000, (text) => administering("POST", "", { name: text })],
  "a workplace's settings": [4_000, (text) => administering("POST", "/default/oidc", { collection: text, token: text })],
  "a workplace's branding": [
    2_000,
    (text) => administering("PATCH", "/default", { branding: { accent_color: text, logo_uri: text, welcome_text: text } }),
  ],
  "a user's name": [4_000, (text) => administering("PATCH", `/default/users/${user.id}`, { username: text })],
  "a user's email address": [250, (text) => administering("PATCH", `/default/users/${user.id}`, { email: text })],
  "the domain of an email address": [200, (text) => administering("PATCH", `/default/users/${user.id}`, { email: `a@${text}` })],
  "a client's name, addresses and contacts": [
    1_000,
    (text) => registering({ client_name: text, logo_uri: text, client_uri: text, contacts: [text] }),
  ],
  "a software statement": [16_000, (text) => selfRegistering({ software_statement: text })],
  "a client's other addresses": [
    1_000,
    (text) =>
      selfRegistering({
        ...{ jwks_uri: text, initiate_login_uri: text, sector_identifier_uri: text, request_uris: [text] },
        ...{ backchannel_logout_uri: text, frontchannel_logout_uri: text, default_acr_values: [text], software_id: text },
      }),
  ],
  "an initial access token": [
    500,
    (text) => selfRegistering({}, [["Authorization", `Bearer ${headerText(text).replaceAll(" ", "")}`]]),
  ],
  "the registration in the path": [2_500, (text) => ({ target: `/oauth2/v1/register/${encoded(text)}` })],
  "login_hint and target_link_uri of a link": [
    1_000,
    (text) => ({ target: `/oauth2/v1/initiate?login_hint=${encoded(text)}&target_link_uri=${encoded(text)}` }),
  ],
  "a cursor": [2_500, (text) => ({ ...administering("GET", `?cursor=${encoded(text)}`, {}), body: "" })],
  "a form": [60_000, (text) => ({ ...exchanging({}), body: text })],
};

test.each(Object.entries(parsers))(
  "Q10: %s: whatever the text, it is read in less than 50 ms",
  async (_parser, [length, requestWith]) => {
    for (const [what, textOf] of Object.entries(texts)) {
      const request = requestWith(textOf(length));
      const reply = await promptly(50, () => rawRequest(signet.url, request), what);
      expect([what, reply.status < 500]).toEqual([what, true]);
      expectNoInsights(reply.body);
    }
  },
);

test("Q10: a normal request is served afterwards", async () => {
  const normal = tokenRequest(signet.url, application.client, { grant_type: "client_credentials" });
  expect(await outcome(normal)).toEqual(granted);
});
