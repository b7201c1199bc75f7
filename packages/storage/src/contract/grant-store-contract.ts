import { later } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import type { GrantStore, StoredGrant } from "../grant-store.ts";
import { endOfSessionContract } from "./end-of-session-contract.ts";
import { aGrant, aGrantId, aHash, aRefreshableGrant, aTenantId, concurrently, minute, now } from "./fixtures/index.ts";
import { rotationContract } from "./rotation-contract.ts";
import { tokenRevocationContract } from "./token-revocation-contract.ts";

/** What every `GrantStore` promises. `open` gives an empty one. */
export function grantStoreContract(open: () => Promise<GrantStore>): void {
  test("an opened grant is found, with all that it was opened with", async () => {
    const grants = await open();
    const rotatedAlready: StoredGrant = {
      ...aRefreshableGrant(aHash()),
      refresh: {
        family: aHash(),
        current: aHash(),
        expiresAt: later(now, minute),
        previous: aHash(),
        rotatedAt: now,
        successor: "sealed",
      },
    };
    const withRevokedTokens = aGrant({ revokedTokens: [{ id: "jti-1", expiresAt: later(now, minute) }] });
    for (const grant of [aGrant(), aRefreshableGrant(aHash()), rotatedAlready, withRevokedTokens]) {
      expect(await grants.open(grant)).toBe("opened");
      expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
    }
  });

  test("an id that no grant has finds nothing", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.open(grant);
    expect(await grants.find(grant.tenantId, aGrantId(), now)).toBeUndefined();
  });

  test("a grant ends when it expires, to the millisecond", async () => {
    const grants = await open();
    const grant = aGrant({ expiresAt: later(now, minute) });
    await grants.open(grant);
    expect(await grants.find(grant.tenantId, grant.id, later(now, minute - 1))).toStrictEqual(grant);
    expect(await grants.find(grant.tenantId, grant.id, later(now, minute))).toBeUndefined();
  });

  test("T2: another tenant neither finds nor revokes a grant", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.open(grant);
    expect(await grants.find(aTenantId(), grant.id, now)).toBeUndefined();
    await grants.revoke(aTenantId(), grant.id, later(now, minute));
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
  });

  test("a revoked grant is not found, and can be revoked again", async () => {
    const grants = await open();
    const grant = aRefreshableGrant(aHash());
    await grants.open(grant);
    await grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
    await expect(grants.revoke(grant.tenantId, grant.id, grant.expiresAt)).resolves.toBeUndefined();
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });

  test("C2: a grant that was revoked before it was opened stays revoked", async () => {
    const grants = await open();
    const grant = aRefreshableGrant(aHash());
    await grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    expect(await grants.open(grant)).toBe("revoked");
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });

  test("X4: a grant that is opened once more is ended, so that a code that came back to life gives nothing", async () => {
    const grants = await open();
    const grant = aGrant();
    expect(await grants.open(grant)).toBe("opened");
    expect(await grants.open({ ...grant, createdAt: later(grant.createdAt, 1000) })).toBe("revoked");
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
    expect(await grants.open(grant)).toBe("revoked");
  });

  test("another tenant's revocation keeps no grant from being opened", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.revoke(aTenantId(), grant.id, grant.expiresAt);
    expect(await grants.open(grant)).toBe("opened");
  });

  test("C2: a grant that is opened and revoked at once ends up revoked", async () => {
    const grants = await open();
    const opened = Array.from({ length: 100 }, () => aGrant());
    await concurrently(200, async (index) => {
      const grant = opened[index >> 1];
      if (grant === undefined) throw new Error("there are 100 grants");
      if (index % 2 === 0) await grants.open(grant);
      else await grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    });
    for (const grant of opened) expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });

  describe("the end of a session", () => endOfSessionContract(open));

  test("the deletion of a tenant ends its grants and no others", async () => {
    const grants = await open();
    const tenantId = aTenantId();
    const own = [aGrant({ tenantId }), aRefreshableGrant(aHash(), { tenantId })];
    const other = aGrant();
    for (const grant of [...own, other]) await grants.open(grant);
    await grants.deleteTenant(tenantId);
    for (const grant of own) expect(await grants.find(tenantId, grant.id, now)).toBeUndefined();
    expect(await grants.find(other.tenantId, other.id, now)).toStrictEqual(other);
  });

  describe("rotate", () => rotationContract(open));
  describe("revokeToken", () => tokenRevocationContract(open));
}
