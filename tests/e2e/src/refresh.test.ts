import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Application,
  administer,
  clockwork,
  createTenant,
  createUser,
  newApplication,
  obtainCode,
  obtainTokens,
  refresh,
  registrationTokenOf,
  type Signet,
  spawnSignet,
  startSignet,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { decodeJwt } from "jose";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { granted, invalidClient, invalidGrant, invalidScope, invalidToken, outcome } from "./outcomes.ts";

const graceMilliseconds = 10_000;
const time = clockwork();
let signet: Signet;
let application: Application;
beforeAll(async () => {
  signet = await startSignet({ clockwork: time });
  application = await newApplication(signet);
});
afterAll(() => signet.stop());

describe("a refresh token is replaced by each use", () => {
  test("a refresh brings a new access token, ID token and refresh token, and the access token before it stays valid", async () => {
    const first = await obtainTokens(application);
    const second = await tokensOf(await refresh(application, first.refresh_token));
    expect(second).toEqual({
      access_token: expect.any(String),
      id_token: expect.any(String),
      refresh_token: expect.stringMatching(/^[\w-]{64}$/),
      token_type: "Bearer",
      expires_in: 3600,
    });
    for (const kind of ["access_token", "id_token", "refresh_token"] as const) expect(second[kind]).not.toBe(first[kind]);
    expect(await outcome(userinfo(signet.url, first.access_token))).toEqual(granted);
    expect(await outcome(userinfo(signet.url, second.access_token))).toEqual(granted);
  });

  test("F1: 100 parallel uses get exactly one distinct successor, which works, and no second live token", async () => {
    const { refresh_token: presented } = await obtainTokens(application);
    const replies = await Promise.all(Array.from({ length: 100 }, () => refresh(application, presented)));
    for (const refused of replies.filter(({ ok }) => !ok)) expect(await outcome(refused)).toEqual(invalidGrant);
    const answered = await Promise.all(replies.filter(({ ok }) => ok).map(tokensOf));
    const [successor = "", ...others] = new Set(answered.map(({ refresh_token }) => refresh_token));
    expect(others).toEqual([]);
    expect(successor).not.toBe(presented);

    for (const { access_token } of answered) expect(await outcome(userinfo(signet.url, access_token))).toEqual(granted);
    const next = await tokensOf(await refresh(application, successor));
    expect(await outcome(userinfo(signet.url, next.access_token))).toEqual(granted);
  });

  test("F1: a retry within the grace window, whose reply was lost, gets the same successor", async () => {
    const { refresh_token: presented } = await obtainTokens(application);
    const first = await tokensOf(await refresh(application, presented));
    time.advance(graceMilliseconds - 1);
    const retried = await tokensOf(await refresh(application, presented));
    expect(retried.refresh_token).toBe(first.refresh_token);
    expect(await outcome(refresh(application, retried.refresh_token))).toEqual(granted);
  });

  test("F2: a replay after the grace window is refused, and revokes the whole family", async () => {
    const first = await obtainTokens(application);
    const second = await tokensOf(await refresh(application, first.refresh_token));
    time.advance(graceMilliseconds);
    expect(await outcome(refresh(application, first.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, second.refresh_token))).toEqual(invalidGrant);
    for (const { access_token } of [first, second]) {
      expect(await outcome(userinfo(signet.url, access_token))).toEqual(invalidToken);
    }
  });

  test("F2: so is one of a token from further back, also within the grace window", async () => {
    const first = await obtainTokens(application);
    const second = await tokensOf(await refresh(application, first.refresh_token));
    const third = await tokensOf(await refresh(application, second.refresh_token));
    expect(await outcome(refresh(application, first.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, third.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, third.access_token))).toEqual(invalidToken);
  });

  test("F2: whoever knows the grant's id from an access token cannot end it with a token of their own making", async () => {
    const tokens = await obtainTokens(application);
    const gid = Buffer.from(String(decodeJwt(tokens.access_token).gid), "hex");
    const forged = Buffer.concat([gid, randomBytes(32)]).toString("base64url");
    expect(await outcome(refresh(application, forged))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(granted);
  });

  test("F2: the same person's other grant to the same client goes on", async () => {
    const [ended, other] = [await obtainTokens(application), await obtainTokens(application)];
    await refresh(application, ended.refresh_token);
    time.advance(graceMilliseconds);
    expect(await outcome(refresh(application, ended.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, other.refresh_token))).toEqual(granted);
  });

  test("F3: a replay after the grace window and a restart is refused, and revokes the whole family", async () => {
    const first = await obtainTokens(application);
    const second = await tokensOf(await refresh(application, first.refresh_token));
    const other = await obtainTokens(application);
    await signet.restart();
    time.advance(graceMilliseconds);
    expect(await outcome(refresh(application, first.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, second.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, second.access_token))).toEqual(invalidToken);
    expect(await outcome(refresh(application, other.refresh_token))).toEqual(granted);
  });

  test("F3: also where the process was killed right after the refresh", async () => {
    const folder = await mkdtemp(join(tmpdir(), "signet-test-"));
    const { adminToken, adminPassword } = signet;
    const environment = {
      SIGNET_DATA_DIR: folder,
      SIGNET_ADMIN_TOKEN: adminToken,
      SIGNET_ADMIN_PASSWORD: adminPassword,
      SIGNET_REFRESH_GRACE_MS: "0",
    };
    const before = await spawnSignet(environment);
    await before.ready();
    const registrationToken = await registrationTokenOf({ url: before.url, adminToken });
    const killed = await newApplication({ ...signet, url: before.url, registrationToken });
    const first = await obtainTokens(killed);
    const second = await tokensOf(await refresh(killed, first.refresh_token));
    before.signal("SIGKILL");
    await before.ended();

    const after = await spawnSignet({ ...environment, SIGNET_PORT: new URL(before.url).port });
    await after.ready();
    expect(await outcome(userinfo(after.url, second.access_token))).toEqual(granted);
    expect(await outcome(refresh(killed, first.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(killed, second.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(userinfo(after.url, second.access_token))).toEqual(invalidToken);
    after.signal("SIGTERM");
    expect(await after.ended()).toBe(0);
    await rm(folder, { recursive: true });
  });
});

describe("a refresh token is good for what it was issued for", () => {
  test("F4: another client cannot use it, and does no harm by trying", async () => {
    const other = await newApplication(signet, { agent: application.agent });
    const { refresh_token } = await obtainTokens(application);
    expect(await outcome(refresh(other, refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, refresh_token))).toEqual(granted);
    time.advance(graceMilliseconds);
    expect(await outcome(refresh(other, refresh_token))).toEqual(invalidGrant);
  });

  test("F4: nor can another tenant's", async () => {
    const tenant = await createTenant(signet, "elsewhere");
    const elsewhere = await newApplication(tenant, { person: await createUser(tenant, "alice") });
    const [ours, theirs] = [await obtainTokens(application), await obtainTokens(elsewhere)];
    expect(await outcome(refresh(elsewhere, ours.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(application, theirs.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh({ ...application, issuer: tenant.issuer }, ours.refresh_token))).toEqual(invalidClient);
    expect(await outcome(refresh(application, ours.refresh_token))).toEqual(granted);
    expect(await outcome(refresh(elsewhere, theirs.refresh_token))).toEqual(granted);
  });

  test.each(["openid offline_access email", "email", "openid nothing-known", "openid profile"])(
    "F5: the scope %j is wider than what was granted, and asking for it costs nothing",
    async (scope) => {
      const { refresh_token } = await obtainTokens(application);
      expect(await outcome(refresh(application, refresh_token, { scope }))).toEqual(invalidScope);
      expect(await outcome(refresh(application, refresh_token))).toEqual(granted);
    },
  );

  test("F5: a narrower scope narrows the access token, and not the refresh token", async () => {
    const first = await obtainTokens(application, { scope: "openid email offline_access" });
    const narrow = await tokensOf(await refresh(application, first.refresh_token, { scope: "openid" }));
    expect(await (await userinfo(signet.url, narrow.access_token)).json()).not.toHaveProperty("email_verified");
    const wide = await tokensOf(await refresh(application, narrow.refresh_token, { scope: "openid email" }));
    expect(await outcome(userinfo(signet.url, wide.access_token))).toEqual(granted);
    expect(await outcome(refresh(application, wide.refresh_token, { scope: "openid phone" }))).toEqual(invalidScope);
  });

  test("F6: it is refused for a blocked user, also when that user is let in again", async () => {
    const user = await createUser(signet, "blocked-for-a-while");
    const { refresh_token } = await obtainTokens(await newApplication(signet, { person: user }));
    const used = await newApplication(signet, { person: user });
    const tokens = await obtainTokens(used);
    await administer(signet, "PATCH", `/default/users/${user.id}`, { blocked: true });
    expect(await outcome(refresh(used, tokens.refresh_token))).toEqual(invalidGrant);
    await administer(signet, "PATCH", `/default/users/${user.id}`, { blocked: false });
    expect(await outcome(refresh(used, tokens.refresh_token))).toEqual(invalidGrant);
    expect(await outcome(refresh(used, refresh_token))).toEqual(invalidGrant);
  });

  test("F6: it is refused with its client, once that was deleted", async () => {
    const deleted = await newApplication(signet, { agent: application.agent });
    const { refresh_token, access_token } = await obtainTokens(deleted);
    const address = `${signet.url}/v1/oidc/default/registration?client_id=${deleted.client.client_id}`;
    await fetch(address, { method: "DELETE", headers: { Authorization: `Bearer ${signet.registrationToken}` } });
    expect(await outcome(refresh(deleted, refresh_token))).toEqual(invalidClient);
    expect(await outcome(refresh(application, refresh_token))).toEqual(invalidGrant);
    expect(await outcome(userinfo(signet.url, access_token))).toEqual(invalidToken);
  });

  test("F7: there is no token exchange, so neither a revoked nor another tenant's token buys a new one", async () => {
    const { access_token } = await obtainTokens(application);
    const exchange = tokenRequest(signet.url, application.client, {
      grant_type: "urn:ietf:params:oauth:grant-type:token-exchange",
      subject_token: access_token,
      subject_token_type: "urn:ietf:params:oauth:token-type:access_token",
    });
    expect(await outcome(exchange)).toEqual({ status: 400, error: "unsupported_grant_type" });
  });

  test("F8: an ID token is no access token, and a refresh token is none either", async () => {
    const tokens = await obtainTokens(application);
    expect(await outcome(userinfo(signet.url, tokens.id_token))).toEqual(invalidToken);
    expect(await outcome(userinfo(signet.url, tokens.refresh_token))).toEqual(invalidToken);
    expect(await outcome(userinfo(signet.url, tokens.access_token))).toEqual(granted);
  });

  test("F8: neither a JWT access token nor an ID token nor an opaque one is a refresh token", async () => {
    const opaque = await newApplication(signet, { metadata: { access_token_format: "opaque" }, agent: application.agent });
    for (const owner of [application, opaque]) {
      const tokens = await obtainTokens(owner);
      expect(await outcome(refresh(owner, tokens.access_token))).toEqual(invalidGrant);
      expect(await outcome(refresh(owner, tokens.id_token))).toEqual(invalidGrant);
    }
  });

  test("C7: a truncated or extended refresh token is invalid, and leaves the whole one good", async () => {
    const { refresh_token: token } = await obtainTokens(application);
    for (const variant of [token.slice(0, -1), token.slice(1), `${token}A`, `${token}=`, ` ${token}`, token.repeat(2), "A"]) {
      expect([variant, await outcome(refresh(application, variant))]).toEqual([variant, invalidGrant]);
    }
    expect(await outcome(refresh(application, token))).toEqual(granted);
  });

  test("a code of a person who did not allow offline_access brings no refresh token", async () => {
    const reply = await obtainTokens(application, { scope: "openid" });
    expect(reply.refresh_token).toBe("");
    expect(await obtainCode(application)).toMatchObject({ code: expect.any(String) });
  });
});
