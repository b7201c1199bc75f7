import { createHmac, generateKeyPairSync, type KeyObject, randomUUID } from "node:crypto";
import { clockwork, createTenant, type RegisteredClient, registerClient, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { assertionSender, encoded, rsa } from "./assertion-sender.ts";
import { type KeyHost, startKeyHost } from "./key-host.ts";
import { granted, invalidClient, invalidRequest, outcome } from "./outcomes.ts";

const time = clockwork();
const ec = generateKeyPairSync("ec", { namedCurve: "P-256" });
const jwk = ({ publicKey }: { readonly publicKey: KeyObject }, kid: string) => ({ ...publicKey.export({ format: "jwk" }), kid });

let signet: Signet;
let keyHost: KeyHost;
/** Clients by the method that each is registered with. */
let signing: RegisteredClient;
let secretive: RegisteredClient;
beforeAll(async () => {
  keyHost = await startKeyHost();
  signet = await startSignet({
    clockwork: time,
    environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: new URL(keyHost.url).host },
  });
  signing = await register({ token_endpoint_auth_method: "private_key_jwt", jwks: { keys: [jwk(rsa, "r"), jwk(ec, "e")] } });
  secretive = await register({ token_endpoint_auth_method: "client_secret_jwt" });
});
afterAll(async () => {
  keyHost.server.close();
  keyHost.server.closeAllConnections();
  await signet.stop();
});

const register = (metadata: Readonly<Record<string, unknown>>) =>
  registerClient(signet, { grant_types: ["client_credentials"], redirect_uris: [], ...metadata });

const seconds = () => Math.floor(time.clock() / 1000);
const { claimsOf, signed, withSecret, present } = assertionSender(() => signet, time.clock);

describe("private_key_jwt", () => {
  test("a client authenticates with what it signed, with client_id or without", async () => {
    expect(await outcome(present(await signed(signing)))).toEqual(granted);
    expect(await outcome(present(await signed(signing), { client_id: signing.client_id }))).toEqual(granted);
    expect(await outcome(present(await signed(signing, {}, { alg: "ES256", kid: "e" }, ec.privateKey)))).toEqual(granted);
    expect(await outcome(present(await signed(signing, {}, { alg: "PS512" })))).toEqual(granted);
  });

  test("the assertion may be meant for the issuer or for the token endpoint, by any of its addresses", async () => {
    for (const path of ["/oauth2/v1/token", "/oauth/token", "/api/id/v1/auth/token"]) {
      expect(await outcome(present(await signed(signing, { aud: `${signet.url}${path}` }), {}, undefined, path))).toEqual(
        granted,
      );
    }
    expect(await outcome(present(await signed(signing, { aud: ["https://other.example", signet.url] })))).toEqual(granted);
  });

  test("A2: a secret beside a false assertion is refused, wherever the secret is", async () => {
    const assertion = await signed(signing, { sub: "somebody" });
    const client_secret = "a secret that it does not have";
    expect(await outcome(present(assertion, { client_secret }))).toEqual(invalidClient);
    expect(await outcome(present(assertion, { client_secret, client_id: signing.client_id }))).toEqual(invalidClient);
    const basic = `Basic ${Buffer.from(`${signing.client_id}:${client_secret}`).toString("base64")}`;
    expect(await outcome(present(assertion, {}, basic))).toEqual(invalidClient);
    expect(await outcome(present(await signed(signing), { client_secret }))).toEqual(invalidClient);
  });

  test("A2: a secret alone is refused, and so is nothing", async () => {
    const request = (form: Record<string, string>) =>
      outcome(
        fetch(`${signet.url}/oauth2/v1/token`, {
          method: "POST",
          body: new URLSearchParams({ grant_type: "client_credentials", ...form }),
        }),
      );
    expect(await request({ client_id: signing.client_id, client_secret: "x" })).toEqual(invalidClient);
    expect(await request({ client_id: signing.client_id })).toEqual(invalidClient);
  });

  test.each(["none", "nOnE", "NONE"])("A3: the algorithm %s is refused", async (alg) => {
    for (const signature of ["", "c2lnbmF0dXJl", (await signed(signing)).split(".")[2] ?? ""]) {
      expect(await outcome(present(encoded({ alg }, claimsOf(signing), signature)))).toEqual(invalidClient);
    }
  });

  test("A4: a MAC whose key is the public key is refused", async () => {
    const publicPem = String(rsa.publicKey.export({ type: "spki", format: "pem" }));
    for (const key of [publicPem, publicPem.trim(), JSON.stringify(jwk(rsa, "r"))]) {
      const input = encoded({ alg: "HS256", kid: "r" }, claimsOf(signing)).slice(0, -1);
      const signature = createHmac("sha256", key).update(input).digest("base64url");
      expect(await outcome(present(`${input}.${signature}`))).toEqual(invalidClient);
    }
  });

  test("A5: keys that the header brings along are refused, and nobody is asked for them", async () => {
    const own = generateKeyPairSync("rsa", { modulusLength: 2048 });
    keyHost.keys = [jwk(own, "r")];
    const before = keyHost.connections;
    for (const header of [
      { jwk: own.publicKey.export({ format: "jwk" }) },
      { jku: `${keyHost.url}/jwks` },
      { x5u: `${keyHost.url}/certificate` },
    ]) {
      expect(await outcome(present(await signed(signing, {}, { alg: "RS256", ...header }, own.privateKey)))).toEqual(
        invalidClient,
      );
      expect(await outcome(present(await signed(signing, {}, { alg: "RS256", kid: "r", ...header })))).toEqual(invalidClient);
    }
    expect(keyHost.connections).toBe(before);
  });

  test("an extension that must be understood is refused", async () => {
    const header = { alg: "RS256", kid: "r", crit: ["example"], example: true };
    const [, payload = ""] = (await signed(signing)).split(".");
    const assertion = `${Buffer.from(JSON.stringify(header)).toString("base64url")}.${payload}.c2lnbmF0dXJl`;
    expect(await outcome(present(assertion))).toEqual(invalidClient);
  });

  test("A6: of 50 requests with one assertion at the same time exactly one succeeds, and none later", async () => {
    const assertion = await signed(signing);
    const outcomes = await Promise.all(Array.from({ length: 50 }, () => outcome(present(assertion))));
    expect(outcomes.filter(({ status }) => status === 200)).toEqual([granted]);
    expect(outcomes.filter(({ status }) => status !== 200)).toEqual(Array.from({ length: 49 }, () => invalidClient));
    expect(await outcome(present(assertion))).toEqual(invalidClient);
  });

  test("A6: a jti is used once, whatever else the assertion says", async () => {
    const jti = randomUUID();
    expect(await outcome(present(await signed(signing, { jti })))).toEqual(granted);
    expect(await outcome(present(await signed(signing, { jti, exp: seconds() + 120 })))).toEqual(invalidClient);
    expect(await outcome(present(await withSecret(secretive, { jti })))).toEqual(granted);
  });

  test("an assertion that is refused for something else uses up no jti", async () => {
    const jti = randomUUID();
    const [header, payload] = (await signed(signing, { jti })).split(".");
    expect(await outcome(present(`${header}.${payload}.c2lnbmF0dXJl`))).toEqual(invalidClient);
    expect(await outcome(present(await signed(signing, { jti })))).toEqual(granted);
  });

  test("A7: an assertion for another tenant, or for anybody else, is refused", async () => {
    const other = await createTenant(signet, "assertions");
    for (const aud of [
      other.issuer,
      `${other.issuer}/oauth2/v1/token`,
      `${signet.url}/`,
      "https://other.example",
      [],
      undefined,
    ]) {
      expect(await outcome(present(await signed(signing, { aud })))).toEqual(invalidClient);
    }
    const theirs = await registerClient(
      other,
      {
        grant_types: ["client_credentials"],
        redirect_uris: [],
        token_endpoint_auth_method: "private_key_jwt",
        jwks: { keys: [jwk(rsa, "r")] },
      },
      other.name,
    );
    expect(await outcome(present(await signed(theirs, {}), {}, undefined, "/assertions/oauth2/v1/token"))).toEqual(invalidClient);
    expect(
      await outcome(present(await signed(theirs, { aud: other.issuer }), {}, undefined, "/assertions/oauth2/v1/token")),
    ).toEqual(granted);
  });

  test("A8: an exp that is missing, past or far ahead is refused", async () => {
    for (const exp of [undefined, seconds() - 61, seconds() - 1, seconds() + 3600, seconds() + 10 * 365 * 86_400]) {
      expect(await outcome(present(await signed(signing, { exp })))).toEqual(invalidClient);
    }
  });

  test("an assertion of tomorrow is refused, one by a clock that is a minute ahead is not", async () => {
    expect(await outcome(present(await signed(signing, { nbf: seconds() + 86_400 })))).toEqual(invalidClient);
    expect(await outcome(present(await signed(signing, { iat: seconds() + 120, exp: seconds() + 180 })))).toEqual(invalidClient);
    expect(
      await outcome(present(await signed(signing, { iat: seconds() + 55, nbf: seconds() + 55, exp: seconds() + 120 }))),
    ).toEqual(granted);
  });

  test("A9: iss, sub and client_id must be the same", async () => {
    const { client_id } = secretive;
    for (const changes of [
      { iss: client_id },
      { sub: client_id },
      { iss: undefined },
      { sub: undefined },
      { iss: client_id, sub: client_id },
    ]) {
      expect(await outcome(present(await signed(signing, changes)))).toEqual(invalidClient);
    }
    expect(await outcome(present(await signed(signing), { client_id }))).toEqual(invalidClient);
  });

  test("a jti is needed, and another client's signature is none", async () => {
    expect(await outcome(present(await signed(signing, { jti: undefined })))).toEqual(invalidClient);
    const stranger = generateKeyPairSync("rsa", { modulusLength: 2048 });
    expect(await outcome(present(await signed(signing, {}, { alg: "RS256", kid: "r" }, stranger.privateKey)))).toEqual(
      invalidClient,
    );
  });

  test("the algorithm that a client is registered with binds it", async () => {
    const client = await register({
      token_endpoint_auth_method: "private_key_jwt",
      token_endpoint_auth_signing_alg: "ES256",
      jwks: { keys: [jwk(rsa, "r"), jwk(ec, "e")] },
    });
    expect(await outcome(present(await signed(client)))).toEqual(invalidClient);
    expect(await outcome(present(await signed(client, {}, { alg: "ES256", kid: "e" }, ec.privateKey)))).toEqual(granted);
  });

  test("a type of assertion that is not known is refused, and so is a type without an assertion", async () => {
    const saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
    expect(await outcome(present(await signed(signing), { client_assertion_type: saml }))).toEqual(invalidClient);
    expect(await outcome(present(await signed(signing), { client_assertion_type: undefined }))).toEqual(invalidClient);
    expect(await outcome(present("", { client_id: signing.client_id }))).toEqual(invalidRequest);
  });

  test.each(["x", "a.b.c", "e30.e30.", "..", "e30.e30.e30", "[]", "\u0141.e30.c2ln"])(
    "A11: what is no assertion (%s) is refused like any other",
    async (assertion) => {
      expect(await outcome(present(assertion))).toEqual(invalidClient);
    },
  );

  test("K2: a client that does not exist is refused with the same words as one that does", async () => {
    const refusal = async (assertion: string) => (await present(assertion)).text();
    const unknown = { client_id: "0123456789abcdef01234567", client_secret: "" };
    const [known, unregistered, otherMethod] = [
      await refusal(await signed(signing, { aud: "https://other.example" })),
      await refusal(await signed(unknown)),
      await refusal(await signed(secretive)),
    ];
    expect(unregistered).toBe(known);
    expect(otherMethod).toBe(known);
  });
});

describe("keys at jwks_uri", () => {
  test("are fetched once, and again once a client has changed them", async () => {
    const first = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const second = generateKeyPairSync("ec", { namedCurve: "P-256" });
    const client = await register({ token_endpoint_auth_method: "private_key_jwt", jwks_uri: `${keyHost.url}/rotating` });
    const request = async (pair: typeof first, kid: string) =>
      outcome(present(await signed(client, {}, { alg: "ES256", kid }, pair.privateKey)));
    keyHost.keys = [jwk(first, "1")];
    keyHost.asked = 0;
    expect(await request(first, "1")).toEqual(granted);
    expect(await request(first, "1")).toEqual(granted);
    expect(keyHost.asked).toBe(1);
    keyHost.keys = [jwk(second, "2")];
    time.advance(31_000);
    expect(await request(second, "2")).toEqual(granted);
    expect(await request(first, "1")).toEqual(invalidClient);
    expect(keyHost.asked).toBe(2);
  });

  test("S1: on an address that is not public are not asked for", async () => {
    const { port } = new URL(keyHost.url);
    const before = keyHost.connections;
    for (const host of [`localhost:${port}`, `127.1.1.1:${port}`, "169.254.169.254", `[::ffff:127.0.0.1]:${port}`, "10.0.0.1"]) {
      const client = await register({ token_endpoint_auth_method: "private_key_jwt", jwks_uri: `https://${host}/jwks` }).catch(
        () => undefined,
      );
      if (client !== undefined) expect(await outcome(present(await signed(client)))).toEqual(invalidClient);
    }
    expect(keyHost.connections).toBe(before);
  });
});
