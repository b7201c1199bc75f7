import { auth } from "@signet/contracts";
import { observedStores } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { startAuth } from "../testing/running-auth.ts";
import { authorize } from "./authorize.ts";

const challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
const page = { name: "OAuthError", code: "invalid_request" };

/** A browser that is signed in at the default tenant as Ann, who allowed the client openid. */
async function signedIn() {
  const running = startAuth();
  const user = await running.addUser();
  const client = running.addClient();
  const browser = new Browser(running);
  await browser.complete(client);
  return { ...running, running, user, client, browser };
}

describe("what has nowhere to go is thrown", () => {
  test("R1: an unknown client, another tenant's client, and an unregistered redirect URI, in the same words", async () => {
    const running = startAuth();
    const other = running.addTenant("other");
    const client = running.addClient();
    const foreign = running.addClient({}, other);
    const browser = new Browser(running);
    const errors = await Promise.all(
      [
        { client_id: "0".repeat(24) },
        { client_id: "x" },
        { client_id: foreign.id },
        { redirect_uri: "https://evil.example/cb" },
      ].map((changes) => browser.authorize(client, changes).catch((error: unknown) => error)),
    );
    for (const error of errors) expect(String(error)).toBe(String(errors[0]));
    expect(errors[0]).toMatchObject(page);
  });

  test.each([
    ["R1: no redirect URI", { redirect_uri: undefined }],
    ["R1: no client", { client_id: undefined }],
    ["R2: a dot segment", { redirect_uri: "https://app.example/x/../cb" }],
    ["R2: a trailing slash", { redirect_uri: "https://app.example/cb/" }],
    ["R2: another case", { redirect_uri: "https://app.example/CB" }],
    ["R4: another character for a period", { redirect_uri: "https://appXexample/cb" }],
    ["R5: a code in the redirect URI", { redirect_uri: "https://app.example/cb?code=x" }],
    ["R8: another port of a web application", { redirect_uri: "https://app.example:8443/cb" }],
    ["a state that is too long", { state: "s".repeat(2049) }],
  ])("%s", async (_what, changes) => {
    const running = startAuth();
    const client = running.addClient();
    await expect(new Browser(running).authorize(client, changes)).rejects.toMatchObject(page);
  });

  test.each(["client_id", "redirect_uri", "state", "scope"])(
    "Q1: a second %s, also where the request is good otherwise",
    async (name) => {
      const running = startAuth();
      const client = running.addClient();
      const parameters = [
        { name: "client_id", value: client.id },
        { name: "redirect_uri", value: "https://app.example/cb" },
        { name: "response_type", value: "code" },
        { name: "scope", value: "openid" },
        { name: "state", value: "xyz" },
      ];
      const again = parameters.filter((parameter) => parameter.name === name);
      await expect(new Browser(running).send([...parameters, ...again])).rejects.toMatchObject(page);
    },
  );

  test("an unknown tenant is not found", async () => {
    const running = startAuth();
    await expect(running.auth.authorize({ tenant: "nobody" })).rejects.toMatchObject({
      name: "ResourceError",
      kind: "not_found",
    });
  });
});

describe("what is wrong beside that goes to the application", () => {
  test.each([
    [{ response_type: "token" }, "unsupported_response_type"],
    [{ scope: "unknown" }, "invalid_scope"],
    [{ prompt: "none login" }, "invalid_request"],
    [{ code_challenge: challenge, code_challenge_method: "plain" }, "invalid_request"],
    [{ request: "x" }, "invalid_request_object"],
  ])("M1: %j comes back as %s with state and iss", async (changes, error) => {
    const running = startAuth();
    const client = running.addClient();
    const outcome = answer(await new Browser(running).authorize(client, { ...changes, response_mode: "form_post" }));
    expect(outcome).toEqual({
      redirectUri: "https://app.example/cb",
      responseMode: "form_post",
      error,
      error_description: expect.any(String),
      state: "xyz",
      iss: "https://id.example",
    });
  });

  test("M1: iss is the issuer of the tenant", async () => {
    const running = startAuth();
    const acme = running.addTenant("acme");
    const client = running.addClient({}, acme);
    expect(answer(await new Browser(running, acme).authorize(client, { scope: "x" })).iss).toBe("https://id.example/acme");
  });

  test("P4: a public client without a challenge is invalid_request", async () => {
    const running = startAuth();
    const client = running.addClient({ tokenEndpointAuthMethod: "none" });
    expect(answer(await new Browser(running).authorize(client)).error).toBe("invalid_request");
  });

  test("the strict profile requires a challenge of a confidential client as well", async () => {
    const running = startAuth();
    const client = running.addClient();
    const parameters = {
      client_id: client.id,
      redirect_uri: "https://app.example/cb",
      response_type: "code",
      scope: "openid",
      state: "xyz",
    };
    const sent = Object.entries(parameters).map(([name, value]) => ({ name, value }));
    const browser = new Browser(running);
    expect(answer(await browser.send(sent, true)).error).toBe("invalid_request");
    const pkce = [
      { name: "code_challenge", value: challenge },
      { name: "code_challenge_method", value: "S256" },
    ];
    expect(started(await browser.send([...sent, ...pkce], true)).step).toBe(auth.Step.SIGN_IN);
  });

  test("R8: a native application's loopback address may have another port, and is answered there", async () => {
    const running = startAuth();
    const client = running.addClient({ applicationType: "native", redirectUris: ["http://127.0.0.1/cb"] });
    const outcome = await new Browser(running).authorize(client, { redirect_uri: "http://127.0.0.1:50123/cb", prompt: "none" });
    expect(answer(outcome).redirectUri).toBe("http://127.0.0.1:50123/cb");
  });
});

describe("the browser's session", () => {
  test("without one somebody has to sign in", async () => {
    const running = startAuth();
    const outcome = started(await new Browser(running).authorize(running.addClient()));
    expect(outcome).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      secret: expect.stringMatching(/^[\w-]{43}$/),
      step: auth.Step.SIGN_IN,
    });
  });

  test("M1: with one and a standing consent there is a code at once, with state and iss", async () => {
    const { browser, client } = await signedIn();
    expect(answer(await browser.authorize(client))).toEqual({
      redirectUri: "https://app.example/cb",
      responseMode: "query",
      code: expect.stringMatching(/^[\w-]{43}$/),
      state: "xyz",
      iss: "https://id.example",
    });
  });

  test("with one, a scope that was not consented to asks for consent", async () => {
    const { browser, client } = await signedIn();
    expect(started(await browser.authorize(client, { scope: "openid email" })).step).toBe(auth.Step.CONSENT);
  });

  test("another client's consent is none", async () => {
    const { browser, addClient } = await signedIn();
    expect(started(await browser.authorize(addClient())).step).toBe(auth.Step.CONSENT);
  });

  test.each([
    [{ prompt: "login" }, auth.Step.SIGN_IN],
    [{ prompt: "select_account" }, auth.Step.SELECT_ACCOUNT],
    [{ prompt: "consent" }, auth.Step.CONSENT],
    [{ max_age: "0" }, auth.Step.SIGN_IN],
  ])("M4: %j begins an interaction in spite of it", async (changes, step) => {
    const { browser, client } = await signedIn();
    expect(started(await browser.authorize(client, changes)).step).toBe(step);
  });

  test("M4: max_age is the age that the sign-in may have", async () => {
    const { browser, client, advance } = await signedIn();
    advance(60_000);
    expect(answer(await browser.authorize(client, { max_age: "60" })).code).toBeDefined();
    advance(1);
    expect(started(await browser.authorize(client, { max_age: "60" })).step).toBe(auth.Step.SIGN_IN);
  });

  test("M3: prompt=none without one is login_required", async () => {
    const running = startAuth();
    const outcome = answer(await new Browser(running).authorize(running.addClient(), { prompt: "none" }));
    expect(outcome).toMatchObject({ error: "login_required", state: "xyz", iss: "https://id.example" });
  });

  test("M3: prompt=none with one is a code, consent_required, or login_required where max_age is over", async () => {
    const { browser, client, advance } = await signedIn();
    advance(2000);
    expect(answer(await browser.authorize(client, { prompt: "none" })).code).toBeDefined();
    expect(answer(await browser.authorize(client, { prompt: "none", scope: "openid email" })).error).toBe("consent_required");
    expect(answer(await browser.authorize(client, { prompt: "none", max_age: "1" })).error).toBe("login_required");
  });

  test("ends when the tenant's session timeout is over", async () => {
    const { browser, client, advance, tenant } = await signedIn();
    advance(tenant.settings.sessionTimeout - 1);
    expect(answer(await browser.authorize(client)).code).toBeDefined();
    advance(1);
    expect(started(await browser.authorize(client)).step).toBe(auth.Step.SIGN_IN);
  });

  test("of a blocked user counts as none", async () => {
    const { browser, client, stores, user } = await signedIn();
    await stores.users.replace({ ...user, blocked: true, version: 2 });
    expect(started(await browser.authorize(client)).step).toBe(auth.Step.SIGN_IN);
    expect(answer(await browser.authorize(client, { prompt: "none" })).error).toBe("login_required");
  });

  test("of a deleted user counts as none", async () => {
    const { browser, client, stores, user, tenant } = await signedIn();
    await stores.users.delete(tenant.id, user.id);
    expect(started(await browser.authorize(client)).step).toBe(auth.Step.SIGN_IN);
  });

  test("of a user whose collection may no longer sign in counts as none", async () => {
    const { browser, client, registered, tenant } = await signedIn();
    registered.tenants.set("default", { ...tenant, settings: { ...tenant.settings, collection: "staff" } });
    expect(started(await browser.authorize(client)).step).toBe(auth.Step.SIGN_IN);
  });

  test("T3: of one tenant is none at another", async () => {
    const { browser, running, addTenant, addClient } = await signedIn();
    const other = addTenant("other");
    const elsewhere = new Browser(running, other);
    elsewhere.session = browser.session;
    expect(started(await elsewhere.authorize(addClient({}, other))).step).toBe(auth.Step.SIGN_IN);
  });

  test.each(["x", "é".repeat(43), "x".repeat(44), `${"x".repeat(42)}\n`])("%j is none", async (value) => {
    const { browser, client } = await signedIn();
    browser.session = value;
    expect(started(await browser.authorize(client)).step).toBe(auth.Step.SIGN_IN);
  });
});

test("with a session and a standing consent there are three operations of stores, which is what most requests cost", async () => {
  const { browser, client, dependencies, tenant } = await signedIn();
  const operations: string[] = [];
  const stores = observedStores(dependencies.stores, {
    begin(store, verb) {
      operations.push(`${store}.${verb}`);
      return { run: (work) => work(), end() {} };
    },
  });
  const parameters = [
    { name: "client_id", value: client.id },
    { name: "redirect_uri", value: "https://app.example/cb" },
    { name: "response_type", value: "code" },
    { name: "scope", value: "openid" },
  ];
  const request = { tenant: tenant.name, parameters, session: browser.session, strict: false };
  const { outcome } = await authorize(tenant, request, { ...dependencies, stores });
  expect(answer(outcome).code).toMatch(/./);
  expect(operations).toEqual(["sessions.find", "users.findWithConsent", "codes.save"]);
});
