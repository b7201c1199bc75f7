import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { auth } from "@signet/contracts";
import type { Client } from "@signet/protocol";
import { type JWTHeaderParameters, SignJWT } from "jose";
import { describe, expect, test } from "vitest";
import { answer, Browser, started } from "../testing/browser.ts";
import { startWithAnn } from "../testing/start-with-ann.ts";

type Members = Readonly<Record<string, unknown>>;

const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
const foreign = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwks = JSON.stringify({ keys: [{ ...publicKey.export({ format: "jwk" }), kid: "1" }] });
const redirectUri = "https://app.example/cb";

/** Ann, and an application that has published a key. */
async function startWithSigner(draft: Members = {}) {
  const begun = await startWithAnn();
  return { ...begun, client: begun.addClient({ jwks, ...draft }) };
}

function signed(
  client: Client,
  changes: Members = {},
  header: JWTHeaderParameters = { alg: "ES256", kid: "1" },
  key: KeyObject = privateKey,
): Promise<string> {
  const request = { response_type: "code", client_id: client.id, redirect_uri: redirectUri, scope: "openid", state: "inner" };
  const claims = { iss: client.id, aud: "https://id.example", ...request, ...changes };
  return new SignJWT(claims).setProtectedHeader(header).sign(key);
}

/** What is sent beside an object: client_id alone (RFC 9101 section 5), unless said otherwise. */
const beside = { redirect_uri: undefined, response_type: undefined, scope: undefined, state: undefined };

describe("a request object by value", () => {
  test("is the request, up to the code", async () => {
    const { browser, client } = await startWithSigner();
    const outcome = await browser.complete(client, { ...beside, request: await signed(client, { scope: "openid email" }) });
    expect(outcome).toMatchObject({ redirectUri, code: expect.any(String), state: "inner", iss: "https://id.example" });
  });

  test("is what the interaction that it began is resumed with, however long ago it expired", async () => {
    const { browser, client, advance, now } = await startWithSigner();
    const exp = Math.floor(now() / 1000) + 60;
    const request = await signed(client, { prompt: "consent", login_hint: "ann", scope: "openid phone", exp });
    const interaction = started(await browser.authorize(client, { ...beside, request }));
    advance(10 * 60_000);
    expect(await browser.page(interaction)).toMatchObject({ step: auth.Step.SIGN_IN, loginHint: "ann" });
    await browser.signIn(interaction);
    expect((await browser.page(interaction)).scopes.map(({ name }) => name)).toEqual(["openid", "phone"]);
    expect(await browser.consent(interaction)).toMatchObject({ code: expect.any(String), state: "inner" });
  });

  test("alone counts: what stands beside it changes nothing", async () => {
    const { browser, client } = await startWithSigner();
    await browser.complete(client, { ...beside, request: await signed(client) });
    const request = await signed(client);
    const outcome = await browser.authorize(client, { ...beside, request, prompt: "login", scope: "openid email", max_age: "0" });
    expect(answer(outcome).code).toBeDefined();
  });

  test.each(["redirect_uri", "state", "nonce", "code_challenge"])(
    "P8: is refused where %s beside it is another",
    async (name) => {
      const { browser, client } = await startWithSigner({ redirectUris: [redirectUri, "https://app.example/other"] });
      const outer = name === "redirect_uri" ? "https://app.example/other" : "outer";
      const outcome = await browser.authorize(client, { request: await signed(client), state: "inner", [name]: outer });
      expect(answer(outcome).error).toBe("invalid_request_object");
    },
  );

  test.each<[what: string, make: (client: Client) => Promise<string> | string]>([
    ["another's key", (client) => signed(client, {}, { alg: "ES256", kid: "1" }, foreign.privateKey)],
    ["a key that the client has not published", (client) => signed(client, {}, { alg: "ES256", kid: "2" })],
    [
      "A5: a key in its header",
      (client) => signed(client, {}, { alg: "ES256", jwk: foreign.publicKey.export({ format: "jwk" }) }, foreign.privateKey),
    ],
    ["another audience", (client) => signed(client, { aud: "https://other.example" })],
    ["another client's name", (client) => signed(client, { client_id: "0".repeat(24) })],
    ["an end in the past", (client) => signed(client, { exp: 1 })],
    ["A3: no signature", async (client) => unsigned(await signed(client), { alg: "none" })],
    ["A3: no signature, under another spelling", async (client) => unsigned(await signed(client), { alg: "nOnE" })],
    ["no JWT in it", () => "x"],
    ["C7: a part cut off", async (client) => (await signed(client)).slice(0, -4)],
  ])("with %s is invalid_request_object, told where what is beside it says", async (_what, make) => {
    const { browser, client } = await startWithSigner();
    const request = await make(client);
    const told = await browser.authorize(client, { request, state: "inner" });
    expect(answer(told)).toMatchObject({ error: "invalid_request_object", state: "inner", iss: "https://id.example" });
    await expect(browser.authorize(client, { ...beside, request })).rejects.toMatchObject({ code: "invalid_request_object" });
  });

  test("is held to the algorithm that the client is registered for", async () => {
    const { browser, client } = await startWithSigner({ requestObjectSigningAlg: "PS256" });
    expect(answer(await browser.authorize(client, { request: await signed(client), state: "inner" })).error).toBe(
      "invalid_request_object",
    );
  });

  test("of a client without keys is never good", async () => {
    const { browser, client } = await startWithAnn();
    expect(answer(await browser.authorize(client, { request: await signed(client), state: "inner" })).error).toBe(
      "invalid_request_object",
    );
  });

  test("T1: of another tenant's client is not looked at: it is no client here", async () => {
    const { running, client } = await startWithSigner();
    const acme = running.addTenant("acme");
    await expect(new Browser(running, acme).authorize(client, { request: await signed(client) })).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});

test("a client that is registered to send request objects is answered to nothing else", async () => {
  const { browser, client } = await startWithSigner({ requireSignedRequestObject: true });
  expect(answer(await browser.authorize(client)).error).toBe("invalid_request");
  const outcome = await browser.complete(client, { ...beside, request: await signed(client) });
  expect(outcome.code).toBeDefined();
});

test("S1: a request object at an address that is not registered, or that is not public, is not fetched", async () => {
  const requestUris = ["https://127.0.0.1/request.jwt", "https://169.254.169.254/latest"];
  const { browser, client } = await startWithSigner({ requestUris });
  for (const request_uri of ["https://app.example/request.jwt", ...requestUris]) {
    expect(answer(await browser.authorize(client, { request_uri })).error).toBe("invalid_request_uri");
  }
});

function unsigned(jwt: string, header: Members): string {
  return `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${jwt.split(".")[1]}.`;
}
