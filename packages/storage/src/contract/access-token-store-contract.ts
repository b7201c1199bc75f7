import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import type { AccessTokenStore } from "../access-token-store.ts";
import { aGrantId, aHash, anAccessToken, aTenantId, aUserId, minute, now } from "./fixtures/index.ts";

/** What every `AccessTokenStore` promises. `open` gives an empty one. */
export function accessTokenStoreContract(open: () => Promise<AccessTokenStore>): void {
  test("an access token is found, with all that it was saved with", async () => {
    const accessTokens = await open();
    const ofUser = anAccessToken({ grantId: aGrantId(), userId: aUserId(), scopes: ["openid", "email"] });
    const bound = anAccessToken({ certificateThumbprint: "bwcK0esc3ACC3DB2Y5_lESsXE8o9ltc05O89jdN-dg2" });
    for (const token of [anAccessToken(), ofUser, bound]) {
      await accessTokens.save(token);
      expect(await accessTokens.find(token.tenantId, token.hash, now)).toStrictEqual(token);
    }
  });

  test("a hash that no access token has finds nothing", async () => {
    const accessTokens = await open();
    const token = anAccessToken();
    await accessTokens.save(token);
    expect(await accessTokens.find(token.tenantId, aHash(), now)).toBeUndefined();
  });

  test("an access token is good until it expires, to the millisecond", async () => {
    const accessTokens = await open();
    const token = anAccessToken({ expiresAt: later(now, minute) });
    await accessTokens.save(token);
    expect(await accessTokens.find(token.tenantId, token.hash, later(now, minute - 1))).toStrictEqual(token);
    expect(await accessTokens.find(token.tenantId, token.hash, later(now, minute))).toBeUndefined();
  });

  test("T2: another tenant does not find an access token", async () => {
    const accessTokens = await open();
    const token = anAccessToken();
    await accessTokens.save(token);
    expect(await accessTokens.find(aTenantId(), token.hash, now)).toBeUndefined();
  });

  test("an access token that was ended is not found, and can be ended again; others are", async () => {
    const accessTokens = await open();
    const token = anAccessToken();
    const other = anAccessToken({ tenantId: token.tenantId });
    await accessTokens.save(token);
    await accessTokens.save(other);
    await accessTokens.end(aTenantId(), token.hash);
    expect(await accessTokens.find(token.tenantId, token.hash, now)).toStrictEqual(token);
    await accessTokens.end(token.tenantId, token.hash);
    await accessTokens.end(token.tenantId, token.hash);
    expect(await accessTokens.find(token.tenantId, token.hash, now)).toBeUndefined();
    expect(await accessTokens.find(token.tenantId, other.hash, now)).toStrictEqual(other);
  });

  test("T2: a JWT is noted as revoked until it expires, to the millisecond, and at its own tenant only", async () => {
    const accessTokens = await open();
    const tenant = aTenantId();
    expect(await accessTokens.isRevoked(tenant, "jti-1", now)).toBe(false);
    await accessTokens.noteRevoked(tenant, "jti-1", later(now, minute));
    await accessTokens.noteRevoked(tenant, "jti-1", later(now, minute));
    expect(await accessTokens.isRevoked(tenant, "jti-1", later(now, minute - 1))).toBe(true);
    expect(await accessTokens.isRevoked(tenant, "jti-1", later(now, minute))).toBe(false);
    expect(await accessTokens.isRevoked(tenant, "jti-2", now)).toBe(false);
    expect(await accessTokens.isRevoked(aTenantId(), "jti-1", now)).toBe(false);
  });

  test("the deletion of a tenant deletes what it noted of its tokens, and nothing of others", async () => {
    const accessTokens = await open();
    const [tenant, other] = [aTenantId(), aTenantId()];
    for (const one of [tenant, other]) await accessTokens.noteRevoked(one, "jti-1", later(now, minute));
    await accessTokens.deleteTenant(tenant);
    expect(await accessTokens.isRevoked(tenant, "jti-1", now)).toBe(false);
    expect(await accessTokens.isRevoked(other, "jti-1", now)).toBe(true);
  });

  test("the deletion of a tenant deletes its access tokens and no others", async () => {
    const accessTokens = await open();
    const token = anAccessToken();
    const other = anAccessToken();
    await accessTokens.save(token);
    await accessTokens.save(other);
    await accessTokens.deleteTenant(token.tenantId);
    expect(await accessTokens.find(token.tenantId, token.hash, now)).toBeUndefined();
    expect(await accessTokens.find(other.tenantId, other.hash, now)).toStrictEqual(other);
  });
}
