import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import type { AccessTokenStore } from "../access-token-store.ts";
import { aGrantId, aHash, anAccessToken, aTenantId, aUserId, minute, now } from "./fixtures/index.ts";

/** What every `AccessTokenStore` promises. `open` gives an empty one. */
export function accessTokenStoreContract(open: () => Promise<AccessTokenStore>): void {
  test("an access token is found, with all that it was saved with", async () => {
    const accessTokens = await open();
    const ofUser = anAccessToken({ grantId: aGrantId(), userId: aUserId(), scopes: ["openid", "email"] });
    for (const token of [anAccessToken(), ofUser]) {
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
