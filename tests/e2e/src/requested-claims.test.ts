import {
  type Application,
  authorizationUrl,
  createUser,
  hiddenFields,
  newApplication,
  newPkce,
  obtainTokens,
  redeem,
  refresh,
  type Signet,
  startSignet,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn } from "./outcomes.ts";
import { promptly } from "./promptly.ts";

const address = { street_address: "1 High Street", locality: "Oxford", country: "GB" };
const acr = "urn:oasis:names:tc:SAML:2.0:ac:classes:Password";

let signet: Signet;
let application: Application;
let subject: string;
beforeAll(async () => {
  signet = await startSignet();
  const claims = { name: "Alice Liddell", birthdate: "1852-05-04", address, phone_number: "+44 20 7946 0000" };
  const person = await createUser(signet, "claimed-alice", { email: "claimed-alice@app.example", email_verified: true, claims });
  subject = person.id;
  application = await newApplication(signet, { person });
});
afterAll(() => signet.stop());

const asking = (claims: object) => ({ claims: JSON.stringify(claims) });
const open = (parameters: Readonly<Record<string, string>>) =>
  application.agent.open(authorizationUrl(application.issuer, application.client, parameters));
const userinfoOf = async (accessToken: string) => (await userinfo(application.issuer, accessToken)).json();

describe("claims that are asked for by name", () => {
  test("come where they were asked for, and nowhere else, also after a refresh", async () => {
    const parameters = asking({ userinfo: { birthdate: { essential: true } }, id_token: { email: null, address: null } });
    const tokens = await obtainTokens(application, parameters);
    expect(decodeJwt(tokens.id_token)).toMatchObject({ sub: subject, email: "claimed-alice@app.example", address });
    expect(decodeJwt(tokens.id_token)).not.toHaveProperty("birthdate");
    expect(await userinfoOf(tokens.access_token)).toEqual({ sub: subject, birthdate: "1852-05-04" });
    const refreshed = await tokensOf(await refresh(application, tokens.refresh_token));
    expect(decodeJwt(refreshed.id_token)).toMatchObject({ sub: subject, email: "claimed-alice@app.example", address });
    expect(await userinfoOf(refreshed.access_token)).toEqual({ sub: subject, birthdate: "1852-05-04" });
  });

  test("come beside those of the scopes; one that the user does not have, or nobody knows, is left out", async () => {
    const parameters = asking({ userinfo: { name: null, gender: { essential: true }, "name#fr": null, unheard_of: null } });
    const tokens = await obtainTokens(application, { scope: "openid email", ...parameters });
    const expected = { sub: subject, name: "Alice Liddell", email: "claimed-alice@app.example", email_verified: true };
    expect(await userinfoOf(tokens.access_token)).toEqual(expected);
  });

  test("are shown in words before the user agrees, once", async () => {
    const { client, agent } = await newApplication(signet, { person: application.person, agent: application.agent });
    const url = authorizationUrl(
      application.issuer,
      client,
      asking({ userinfo: { phone_number: null }, id_token: { name: null } }),
    );
    const consent = await agent.open(url);
    expect(consent.heading).toBe("Allow access");
    expect(
      [...consent.html.matchAll(/<li data-claim="(\w+)">.*?<span dir="auto">([^<]*)</g)].map(([, ...shown]) => shown),
    ).toEqual([
      ["phone_number", "See your phone number"],
      ["name", "See your name"],
    ]);
    expect((await agent.submit(consent, { decision: "allow" })).callback?.searchParams.has("code")).toBe(true);
    expect((await agent.open(url)).callback?.searchParams.has("code")).toBe(true);
    const more = asking({ userinfo: { phone_number: null, birthdate: null } });
    expect(errorIn(await agent.open(authorizationUrl(application.issuer, client, { ...more, prompt: "none" })))).toBe(
      "consent_required",
    );
  });

  test("G1: do not get an application more than the scopes that it is registered for", async () => {
    const narrow = await newApplication(signet, { person: application.person, metadata: { scope: "openid phone" } });
    const parameters = asking({ userinfo: { email: { essential: true }, phone_number: null, roles: null } });
    const tokens = await obtainTokens(narrow, { scope: "openid", ...parameters });
    expect(await userinfoOf(tokens.access_token)).toEqual({ sub: subject, phone_number: "+44 20 7946 0000" });
  });

  test("never take the place of what the provider itself says", async () => {
    const parameters = asking({
      id_token: { iss: { value: "https://evil.example" }, aud: null, exp: { value: 1 }, nonce: null },
    });
    const { id_token } = await obtainTokens(application, { scope: "openid", ...parameters });
    expect(decodeJwt(id_token)).toMatchObject({ iss: signet.url, aud: application.client.client_id, sub: subject });
    expect(decodeJwt(id_token)).not.toHaveProperty("nonce");
  });

  test("are ignored without the scope openid", async () => {
    const tokens = await obtainTokens(application, { scope: "email", claims: "{" });
    expect(tokens.id_token).toBe("");
  });
});

describe("acr", () => {
  test.each([
    { acr_values: "phr urn:unknown" },
    { acr_values: acr },
    asking({ id_token: { acr: null } }),
    asking({ id_token: { acr: { values: ["phr"] } } }),
    asking({ id_token: { acr: { essential: true } } }),
    asking({ id_token: { acr: { essential: true, value: acr } } }),
  ])("with %j the ID token says how the user signed in", async (parameters) => {
    const { id_token } = await obtainTokens(application, { scope: "openid", ...parameters });
    expect(decodeJwt(id_token)).toMatchObject({ acr, amr: ["pwd"] });
  });

  test("is not in the ID token where nobody asked", async () => {
    expect(decodeJwt((await obtainTokens(application, { scope: "openid" })).id_token)).not.toHaveProperty("acr");
  });

  test("that is essential and cannot be met fails the request, with whatever prompt", async () => {
    const parameters = asking({ id_token: { acr: { essential: true, values: ["phr", "phrh"] } } });
    for (const prompt of ["login", "none", "consent"]) {
      expect(errorIn(await open({ ...parameters, prompt }))).toBe("unmet_authentication_requirements");
    }
  });
});

test("M4: a client's defaults count where its request says nothing: max_age and acr_values", async () => {
  const metadata = { default_max_age: 0, default_acr_values: ["phr"], require_auth_time: true };
  const strict = await newApplication(signet, { person: application.person, metadata });
  const { id_token } = await obtainTokens(strict, { scope: "openid" });
  expect(decodeJwt(id_token)).toMatchObject({ acr, auth_time: expect.any(Number) });
  const askAgain = (parameters: Readonly<Record<string, string>>) =>
    strict.agent.open(authorizationUrl(strict.issuer, strict.client, parameters));
  expect((await askAgain({})).heading).toBe("Sign in");
  expect(errorIn(await askAgain({ prompt: "none" }))).toBe("login_required");
  expect((await askAgain({ prompt: "none", max_age: "3600" })).callback?.searchParams.has("code")).toBe(true);
});

test("M3: the claim sub with the value of another user is login_required with prompt=none, and a sign-in without", async () => {
  await obtainTokens(application, { scope: "openid" });
  const another = asking({ id_token: { sub: { value: "0".repeat(32) } } });
  expect(errorIn(await open({ ...another, prompt: "none" }))).toBe("login_required");
  expect((await open(another)).heading).toBe("Sign in");
  const own = asking({ id_token: { sub: { value: subject } } });
  expect((await open({ ...own, prompt: "none" })).callback?.searchParams.has("code")).toBe(true);
});

test.each([
  ["that are no JSON", "x"],
  ["that are a list", "[]"],
  ["with a claim that is a flag", '{"userinfo":{"email":true}}'],
  ["with a name of every object's", '{"id_token":{"__proto__":null}}'],
  ["nested without end", `{"id_token":${"[".repeat(7000)}}`],
  ["that are too many", `{"userinfo":{${Array.from({ length: 900 }, (_, index) => `"c${index}":null`)}}}`],
])("Q3, Q10: claims %s are invalid_request, in no time", async (_what, claims) => {
  const body = new URL(authorizationUrl(application.issuer, application.client, { claims })).searchParams;
  const url = `${application.issuer}/oauth2/v1/auth`;
  const reply = await promptly(100, () => application.agent.request(url, { method: "POST", body }));
  expect(new URL(reply.headers.get("Location") ?? "").searchParams.get("error")).toBe("invalid_request");
});

test("Q1: claims, display or acr_values sent twice are an error that goes nowhere", async () => {
  for (const name of ["claims", "display", "acr_values", "ui_locales", "claims_locales"]) {
    const url = `${authorizationUrl(application.issuer, application.client, { [name]: "page" })}&${name}=page`;
    const visit = await application.agent.open(url);
    expect([name, visit.status, visit.callback]).toEqual([name, 400, undefined]);
  }
});

test("B7: what is wrong with claims is told by form_post without a word of what was sent", async () => {
  const hostile = '"><script>alert(1)</script>';
  const visit = await open({ response_mode: "form_post", state: hostile, display: hostile, claims: `{"${hostile}` });
  expect(visit.html).not.toContain("<script>alert");
  expect(hiddenFields(visit.html)).toMatchObject({ error: "invalid_request", state: hostile });
});

test("P2: a code for requested claims is bound by its challenge like any other", async () => {
  const { challenge } = newPkce();
  const parameters = { ...asking({ id_token: { email: null } }), code_challenge: challenge, code_challenge_method: "S256" };
  await obtainTokens(application, { scope: "openid", ...asking({ id_token: { email: null } }) });
  const code = (await open(parameters)).callback?.searchParams.get("code") ?? "";
  const reply = await redeem(application, { code, verifier: newPkce().verifier });
  expect(await reply.json()).toMatchObject({ error: "invalid_grant" });
});
