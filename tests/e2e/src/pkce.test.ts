import { createHash } from "node:crypto";
import {
  type Application,
  administer,
  authorizationUrl,
  createTenant,
  createUser,
  newApplication,
  newPkce,
  obtainCode,
  redeem,
  redirectUri,
  type Signet,
  startSignet,
} from "@signet/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { errorIn, granted, invalidClient, invalidGrant, outcome } from "./outcomes.ts";

let signet: Signet;
let confidential: Application;
let publicOne: Application;
beforeAll(async () => {
  signet = await startSignet();
  confidential = await newApplication(signet);
  publicOne = await newApplication(signet, {
    metadata: { grant_types: ["authorization_code", "refresh_token"], token_endpoint_auth_method: "none" },
  });
});
afterAll(() => signet.stop());

const challengeOf = (verifier: string) => createHash("sha256").update(verifier).digest("base64url");

/** A code whose challenge is that of `verifier`, whatever that is. */
async function codeFor(application: Application, verifier: string) {
  return obtainCode(application, { code_challenge: challengeOf(verifier), code_challenge_method: "S256" });
}

function open(application: Application, parameters: Readonly<Record<string, string | undefined>>) {
  return application.agent.open(authorizationUrl(application.issuer, application.client, parameters));
}

describe.each([
  ["a public client", () => publicOne],
  ["a confidential client", () => confidential],
])("a challenge binds %s", (kind, of) => {
  const id = kind === "a public client" ? "P1" : "P2";

  test(`${id}: a code without its verifier is refused, and used up`, async () => {
    const obtained = await obtainCode(of());
    expect(await outcome(redeem(of(), obtained, { code_verifier: undefined }))).toEqual(invalidGrant);
    expect(await outcome(redeem(of(), obtained))).toEqual(invalidGrant);
  });

  test(`${id}: an empty verifier counts as none`, async () => {
    expect(await outcome(redeem(of(), await obtainCode(of()), { code_verifier: "" }))).toEqual(invalidGrant);
  });

  test(`${id}: another verifier, or the challenge in its place, is refused`, async () => {
    expect(await outcome(redeem(of(), await obtainCode(of()), { code_verifier: newPkce().verifier }))).toEqual(invalidGrant);
    const obtained = await obtainCode(of());
    const challenge = challengeOf(obtained.verifier);
    expect(await outcome(redeem(of(), obtained, { code_verifier: challenge }))).toEqual(invalidGrant);
  });

  test("the right verifier is accepted", async () => {
    expect(await outcome(redeem(of(), await obtainCode(of())))).toEqual(granted);
  });

  test.each([42, 129, 1])("P6: a verifier of %i characters is refused, though it answers the challenge", async (length) => {
    const verifier = "v".repeat(length);
    const obtained = await codeFor(of(), verifier);
    expect(await outcome(redeem(of(), obtained, { code_verifier: verifier }))).toEqual(invalidGrant);
  });

  test.each([43, 128])("P6: one of %i characters is accepted", async (length) => {
    const verifier = "-._~".repeat(32).slice(0, length);
    const obtained = await codeFor(of(), verifier);
    expect(await outcome(redeem(of(), obtained, { code_verifier: verifier }))).toEqual(granted);
  });

  test.each(["é".repeat(43), `${"v".repeat(43)} `, `${"v".repeat(43)}+`, `${"v".repeat(43)}/`])(
    "P6: the verifier %j, which has a character that none has, is refused",
    async (verifier) => {
      const obtained = await codeFor(of(), verifier);
      expect(await outcome(redeem(of(), obtained, { code_verifier: verifier }))).toEqual(invalidGrant);
    },
  );

  test.each(["plain", "s256", "S512", "none", "S256 ", "256"])("P5: the method %j is refused", async (method) => {
    expect(errorIn(await open(of(), { code_challenge: newPkce().challenge, code_challenge_method: method }))).toBe(
      "invalid_request",
    );
  });

  test("P5: a challenge without a method would be plain, and is refused", async () => {
    expect(errorIn(await open(of(), { code_challenge: newPkce().challenge }))).toBe("invalid_request");
  });

  test("P5: a method without a challenge is refused", async () => {
    expect(errorIn(await open(of(), { code_challenge_method: "S256" }))).toBe("invalid_request");
  });

  test.each(["A".repeat(42), "A".repeat(44), `${"A".repeat(42)}=`, `${"A".repeat(42)}+`])(
    "the challenge %j, which is no SHA-256 in base64url, is refused",
    async (challenge) => {
      expect(errorIn(await open(of(), { code_challenge: challenge, code_challenge_method: "S256" }))).toBe("invalid_request");
    },
  );
});

describe("PKCE and the kinds of clients", () => {
  test("P3: a verifier where there was no challenge means that somebody took the challenge away", async () => {
    const obtained = await obtainCode(confidential, { code_challenge: undefined });
    expect(await outcome(redeem(confidential, obtained, { code_verifier: newPkce().verifier }))).toEqual(invalidGrant);
    expect(await outcome(redeem(confidential, obtained))).toEqual(invalidGrant);
  });

  test("a confidential client may do without PKCE", async () => {
    const obtained = await obtainCode(confidential, { code_challenge: undefined });
    expect(await outcome(redeem(confidential, obtained))).toEqual(granted);
  });

  test("P4: a public client may not, and is told so at its redirect URI", async () => {
    for (const more of [{}, { prompt: "none" }, { code_challenge: "" }]) {
      const visit = await open(publicOne, more);
      expect(`${visit.callback?.origin}${visit.callback?.pathname}`).toBe(redirectUri);
      expect(Object.fromEntries(visit.callback?.searchParams ?? [])).toEqual({
        error: "invalid_request",
        error_description: expect.stringContaining("PKCE"),
        state: "a-state",
        iss: signet.url,
      });
    }
  });

  test("P4: no client of a tenant that says so may, and a challenge still binds", async () => {
    const tenant = await createTenant(signet, "pkce-required");
    await administer(signet, "POST", "/pkce-required/oidc", { require_pkce: true });
    const application = await newApplication(tenant, { person: await createUser(tenant, "pkce-user") });
    for (const more of [{}, { prompt: "none" }]) expect(errorIn(await open(application, more))).toBe("invalid_request");
    const obtained = await obtainCode(application);
    expect(await outcome(redeem(application, obtained, { code_verifier: undefined }))).toEqual(invalidGrant);
    expect(await outcome(redeem(application, await obtainCode(application)))).toEqual(granted);
    await administer(signet, "POST", "/pkce-required/oidc", { require_pkce: false });
    await expect.poll(() => open(application, { prompt: "none" }).then(errorIn)).not.toBe("invalid_request");
  });

  test("P7: a valid verifier is no substitute for a confidential client's secret", async () => {
    const { code, verifier } = await obtainCode(confidential);
    const { client_id } = confidential.client;
    const body = { grant_type: "authorization_code", code, redirect_uri: redirectUri, code_verifier: verifier };
    const withoutSecret = fetch(`${signet.url}/oauth2/v1/token`, {
      method: "POST",
      body: new URLSearchParams({ ...body, client_id }),
    });
    expect(await outcome(withoutSecret)).toEqual(invalidClient);
    expect(await outcome(redeem(confidential, { code, verifier }))).toEqual(granted);
  });
});
