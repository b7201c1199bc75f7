import { later } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import type { InitialAccessTokenStore, StoredInitialAccessToken } from "../initial-access-token-store.ts";
import { anInitialAccessToken, anInitialAccessTokenId, aTenantId, concurrently, minute, now, tally } from "./fixtures/index.ts";
import { pageContract } from "./page-contract.ts";

/** What every `InitialAccessTokenStore` promises. `open` gives an empty one. */
export function initialAccessTokenStoreContract(open: () => Promise<InitialAccessTokenStore>): void {
  test("an initial access token is found, with all that it was created with", async () => {
    const tokens = await open();
    const token = anInitialAccessToken({ maximumUses: 12 });
    await tokens.create(token);
    expect(await tokens.find(token.tenantId, token.id, now)).toStrictEqual(token);
    expect(await tokens.find(token.tenantId, anInitialAccessTokenId(), now)).toBeUndefined();
  });

  test("an initial access token is good until it expires, to the millisecond", async () => {
    const tokens = await open();
    const token = anInitialAccessToken({ expiresAt: later(now, minute) });
    const { tenantId, id } = token;
    await tokens.create(token);
    expect(await tokens.find(tenantId, id, later(now, minute - 1))).toStrictEqual(token);
    expect(await tokens.find(tenantId, id, later(now, minute))).toBeUndefined();
    expect(await tokens.list(tenantId, { limit: 10 }, later(now, minute))).toStrictEqual({ items: [] });
    expect(await tokens.use(tenantId, id, later(now, minute))).toBe(false);
  });

  test("of 100 concurrent uses exactly as many succeed as the token allows", async () => {
    const tokens = await open();
    const token = anInitialAccessToken({ maximumUses: 3 });
    const { tenantId, id } = token;
    await tokens.create(token);
    const results = await concurrently(100, () => tokens.use(tenantId, id, now));
    expect(tally(results.map(String))).toStrictEqual({ true: 3, false: 97 });
    expect(await tokens.find(tenantId, id, now)).toStrictEqual({ ...token, uses: 3 });
    expect(await tokens.list(tenantId, { limit: 10 }, now)).toStrictEqual({ items: [{ ...token, uses: 3 }] });
  });

  test("T1: another tenant does not find, list, use or delete an initial access token", async () => {
    const tokens = await open();
    const token = anInitialAccessToken();
    const other = aTenantId();
    await tokens.create(token);
    expect(await tokens.find(other, token.id, now)).toBeUndefined();
    expect(await tokens.list(other, { limit: 10 }, now)).toStrictEqual({ items: [] });
    expect(await tokens.use(other, token.id, now)).toBe(false);
    expect(await tokens.delete(other, token.id)).toBe(false);
    expect(await tokens.find(token.tenantId, token.id, now)).toStrictEqual(token);
  });

  test("a deleted initial access token is not found, nor used", async () => {
    const tokens = await open();
    const token = anInitialAccessToken();
    await tokens.create(token);
    expect(await tokens.delete(token.tenantId, token.id)).toBe(true);
    expect(await tokens.find(token.tenantId, token.id, now)).toBeUndefined();
    expect(await tokens.use(token.tenantId, token.id, now)).toBe(false);
    expect(await tokens.delete(token.tenantId, token.id)).toBe(false);
  });

  test("the deletion of a tenant deletes its initial access tokens and no others", async () => {
    const tokens = await open();
    const token = anInitialAccessToken();
    const other = anInitialAccessToken();
    await tokens.create(token);
    await tokens.create(other);
    await tokens.deleteTenant(token.tenantId);
    expect(await tokens.find(token.tenantId, token.id, now)).toBeUndefined();
    expect(await tokens.find(other.tenantId, other.id, now)).toStrictEqual(other);
  });

  describe("list", () => {
    pageContract<StoredInitialAccessToken>(async () => {
      const tokens = await open();
      const tenantId = aTenantId();
      await tokens.create(anInitialAccessToken());
      return {
        add: (count) =>
          concurrently(count, async () => {
            const token = anInitialAccessToken({ tenantId });
            await tokens.create(token);
            return token;
          }),
        remove: (token) => tokens.delete(tenantId, token.id),
        list: (page) => tokens.list(tenantId, page, now),
        key: (token) => token.id,
      };
    });
  });
}
