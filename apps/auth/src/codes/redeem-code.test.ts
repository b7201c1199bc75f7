import { createHash } from "node:crypto";
import { type Client, hashDatedSecret, later, newSecret } from "@signet/protocol";
import type { StoredUser } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { codeLifetimeMilliseconds } from "../authorization/issue-code.ts";
import { Browser } from "../testing/browser.ts";
import { type RunningAuth, redefineScopes, startAuth } from "../testing/running-auth.ts";
import { hurriedReplayMilliseconds } from "./redeem-code.ts";

const redirectUri = "https://app.example/cb";
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const challenge = createHash("sha256").update(verifier).digest("base64url");
const pkce = { code_challenge: challenge, code_challenge_method: "S256" };
const invalidGrant = { name: "OAuthError", code: "invalid_grant" };

async function codeFor(running: RunningAuth, client: Client, changes: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code } = await new Browser(running).complete(client, changes);
  if (code === undefined) throw new Error("a code was issued");
  return code;
}

async function startWithCode(changes: Readonly<Record<string, string>> = {}) {
  const running = startAuth();
  const user = await running.addUser();
  const client = running.addClient();
  const code = await codeFor(running, client, changes);
  const redeem = (
    request: { code?: string; clientId?: string; redirectUri?: string; codeVerifier?: string; tenant?: string } = {},
  ) => running.auth.redeemCode({ tenant: "default", code, clientId: client.id, redirectUri, ...request });
  return { ...running, running, user, client, code, redeem };
}

test("a code is redeemed for all that the tokens need", async () => {
  const { redeem, user, now } = await startWithCode({ scope: "openid unknown email", nonce: "n-1" });
  const { outcome } = await redeem();
  expect(outcome).toEqual({
    $case: "redeemed",
    value: {
      grantId: expect.stringMatching(/^[0-9a-f]{32}$/),
      userId: user.id,
      scopes: ["openid", "email"],
      requestedScopes: ["openid", "unknown", "email"],
      nonce: "n-1",
      authTime: now(),
      amr: ["pwd"],
      sid: expect.stringMatching(/^[0-9a-f]{32}$/),
      epoch: 3,
      customClaims: [],
      requestedClaims: { userinfo: [], idToken: [] },
      idTokenClaims: "",
    },
  });
});

test("a code remembers what its custom scopes stood for when it was issued", async () => {
  const running = startAuth();
  await running.addUser();
  const badge = { name: "badge", description: "Your badge", fields: ["badge_number", "office"] };
  const salary = { name: "salary", description: "Your salary", fields: ["salary"] };
  const client = running.addClient({ scopes: [badge, salary] });
  const code = await codeFor(running, client, { scope: "openid badge" });
  redefineScopes(running, client, [{ ...badge, fields: ["badge_number", "office", "home"] }]);
  const { outcome } = await running.auth.redeemCode({ tenant: "default", code, clientId: client.id, redirectUri });
  expect(outcome).toMatchObject({ $case: "redeemed", value: { customClaims: ["badge_number", "office"] } });
});

test("a code is stored as a hash only", async () => {
  const { stores, code, tenant, now } = await startWithCode();
  const consumed = await stores.codes.consume(tenant.id, hashDatedSecret(code), now());
  expect(consumed.kind).toBe("consumed");
  expect(JSON.stringify(consumed)).not.toContain(code);
});

describe("C1, C2: a code that is used twice", () => {
  test("C1: of 100 parallel redemptions one succeeds, and the others revoke nothing", async () => {
    const { redeem } = await startWithCode();
    const results = await Promise.allSettled(Array.from({ length: 100 }, () => redeem()));
    const fulfilled = results.flatMap((result) => (result.status === "fulfilled" ? [result.value.outcome?.$case] : []));
    expect(fulfilled).toEqual(["redeemed"]);
    for (const result of results) if (result.status === "rejected") expect(result.reason).toMatchObject(invalidGrant);
  });

  test("C2: a replay is only refused until two seconds after, and reported with its grant from then on", async () => {
    const { redeem, advance } = await startWithCode();
    const { outcome } = await redeem();
    if (outcome?.$case !== "redeemed") throw new Error("the code was good");
    advance(hurriedReplayMilliseconds - 1);
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
    advance(1);
    const replayed = { $case: "replayed", value: { grantId: outcome.value.grantId } };
    expect((await redeem()).outcome).toEqual(replayed);
    advance(60_000);
    expect((await redeem()).outcome).toEqual(replayed);
  });

  test("X19: a replay is reported also where the clock was set back since", async () => {
    const { redeem, advance } = await startWithCode();
    await redeem();
    advance(-60 * 60 * 1000);
    expect((await redeem()).outcome?.$case).toBe("replayed");
  });

  test("C3: a code that another client tried is used up, and its own client's attempt is a replay", async () => {
    const { redeem, advance, addClient } = await startWithCode();
    await expect(redeem({ clientId: addClient().id })).rejects.toMatchObject(invalidGrant);
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
    advance(hurriedReplayMilliseconds);
    expect((await redeem()).outcome?.$case).toBe("replayed");
  });
});

describe("a code that is not good", () => {
  test("R9: with another redirect URI than that of the request", async () => {
    for (const other of ["https://app.example/cb/", "", "https://app.example/other"]) {
      const { redeem } = await startWithCode();
      await expect(redeem({ redirectUri: other })).rejects.toMatchObject(invalidGrant);
    }
  });

  test("C4: at another tenant, where it is not even used up", async () => {
    const { redeem, addTenant } = await startWithCode();
    addTenant("other");
    await expect(redeem({ tenant: "other" })).rejects.toMatchObject(invalidGrant);
    expect((await redeem()).outcome?.$case).toBe("redeemed");
  });

  test("C5: after its 60 seconds", async () => {
    const inTime = await startWithCode();
    inTime.advance(59_999);
    expect((await inTime.redeem()).outcome?.$case).toBe("redeemed");
    const late = await startWithCode();
    late.advance(60_000);
    await expect(late.redeem()).rejects.toMatchObject(invalidGrant);
  });

  test("C6: another single-use object", async () => {
    const { redeem, running } = await startWithCode();
    const browser = new Browser(running);
    const { interaction } = await running.auth.startSignIn({ tenant: "default" });
    if (interaction === undefined) throw new Error("an interaction was begun");
    await browser.signIn(interaction);
    for (const code of [interaction.secret, interaction.id, browser.session]) {
      await expect(redeem({ code })).rejects.toMatchObject(invalidGrant);
    }
  });

  test("C7: truncated, extended, of another case, or none at all", async () => {
    const { redeem, code, running } = await startWithCode();
    const swapped = code.replace(/[a-z]/i, (letter) =>
      letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase(),
    );
    for (const wrong of [
      "",
      code.slice(1),
      `${code}A`,
      `${code} `,
      swapped,
      newSecret(running.dependencies.random),
      "é".repeat(43),
    ]) {
      await expect(redeem({ code: wrong })).rejects.toMatchObject(invalidGrant);
    }
    expect((await redeem()).outcome?.$case).toBe("redeemed");
  });
});

describe("PKCE", () => {
  test("the verifier of the challenge redeems the code", async () => {
    const { redeem } = await startWithCode(pkce);
    expect((await redeem({ codeVerifier: verifier })).outcome?.$case).toBe("redeemed");
  });

  test.each([
    ["P1: no verifier", ""],
    ["another verifier", `${verifier.slice(1)}A`],
    ["the challenge itself", challenge],
    ["P6: a verifier of 42 characters", verifier.slice(1)],
    ["P6: a verifier of 129 characters", "a".repeat(129)],
  ])("%s does not, also for a confidential client (P2)", async (_what, codeVerifier) => {
    const { redeem } = await startWithCode(pkce);
    await expect(redeem({ codeVerifier })).rejects.toMatchObject(invalidGrant);
  });

  test("P3: a verifier without a challenge does not", async () => {
    const { redeem } = await startWithCode();
    await expect(redeem({ codeVerifier: verifier })).rejects.toMatchObject(invalidGrant);
  });
});

test("each code begins a grant of its own", async () => {
  const { running, client, redeem } = await startWithCode();
  const grants = new Set<string>();
  for (let count = 0; count < 3; count++) {
    const { outcome } = await redeem({ code: await codeFor(running, client) });
    if (outcome?.$case === "redeemed") grants.add(outcome.value.grantId);
  }
  expect(grants.size).toBe(3);
});

describe("a code of a user who changed after it was issued", () => {
  test.each<[string, Partial<StoredUser>]>([
    ["blocked", { blocked: true }],
    ["at a later epoch", { epoch: 4 }],
    ["in another collection", { collection: "staff" }],
  ])("is invalid_grant: %s", async (_, change) => {
    const { redeem, stores, user, tenant, now } = await startWithCode();
    await stores.codes.noteUserChange(tenant.id, user.id, later(now(), codeLifetimeMilliseconds));
    expect(await stores.users.replace({ ...user, ...change, version: user.version + 1 })).toBe("replaced");
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
  });

  test("is invalid_grant: deleted", async () => {
    const { redeem, stores, user, tenant, now } = await startWithCode();
    await stores.codes.noteUserChange(tenant.id, user.id, later(now(), codeLifetimeMilliseconds));
    expect(await stores.users.delete(tenant.id, user.id)).toBe(true);
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
  });
});
