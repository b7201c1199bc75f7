import { type Instant, later } from "@signet/protocol";
import { expect, test } from "vitest";
import { type GrantStore, maximumRevokedTokens, type StoredGrant } from "../grant-store.ts";
import { aGrant, aHash, aRefreshableGrant, aRotation, aTenantId, concurrently, minute, now } from "./fixtures/index.ts";

/** What every `GrantStore` promises of the revocation of single tokens. */
export function tokenRevocationContract(open: () => Promise<GrantStore>): void {
  const expiresAt = later(now, minute);
  const revoked = (id: string, until: Instant = expiresAt) => ({ id, expiresAt: until });
  const revoke = (grants: GrantStore, { tenantId, id }: StoredGrant, token: string, at = now) =>
    grants.revokeToken({ tenantId, grantId: id, token: revoked(token, later(at, minute)), now: at });

  test("a revoked token is noted once, and the grant is otherwise as it was, also after a rotation", async () => {
    const grants = await open();
    const current = aHash();
    const grant = aRefreshableGrant(current);
    await grants.open(grant);
    await revoke(grants, grant, "jti-1");
    await revoke(grants, grant, "jti-2");
    await revoke(grants, grant, "jti-1");
    const found = await grants.find(grant.tenantId, grant.id, now);
    expect({ ...found, revokedTokens: new Set(found?.revokedTokens) }).toStrictEqual({
      ...grant,
      revokedTokens: new Set([revoked("jti-1"), revoked("jti-2")]),
    });
    expect(await grants.rotate(aRotation(grant, current))).toMatchObject({ kind: "rotated" });
    expect((await grants.find(grant.tenantId, grant.id, now))?.revokedTokens).toHaveLength(2);
  });

  test("T2: another tenant revokes no token of a grant", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.open(grant);
    await revoke(grants, { ...grant, tenantId: aTenantId() }, "jti-1");
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
  });

  test("what has expired is forgotten, so that a grant may have any number of tokens revoked in its life", async () => {
    const grants = await open();
    const grant = aGrant({ expiresAt: later(now, 10_000 * minute) });
    await grants.open(grant);
    for (let index = 0; index < maximumRevokedTokens + 2; index++) {
      await revoke(grants, grant, `jti-${index}`, later(now, index * minute));
    }
    const last = maximumRevokedTokens + 1;
    const found = await grants.find(grant.tenantId, grant.id, later(now, last * minute));
    expect(found?.revokedTokens).toStrictEqual([revoked(`jti-${last}`, later(now, (last + 1) * minute))]);
  });

  test("with too many revoked tokens that have yet to expire the grant ends as a whole", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.open(grant);
    for (let index = 0; index < maximumRevokedTokens; index++) await revoke(grants, grant, `jti-${index}`);
    await revoke(grants, grant, "jti-0");
    expect((await grants.find(grant.tenantId, grant.id, now))?.revokedTokens).toHaveLength(maximumRevokedTokens);
    await revoke(grants, grant, "one-more");
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });

  test("of tokens that are revoked at once none is lost", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.open(grant);
    await concurrently(maximumRevokedTokens, (index) => revoke(grants, grant, `jti-${index}`));
    expect((await grants.find(grant.tenantId, grant.id, now))?.revokedTokens).toHaveLength(maximumRevokedTokens);
  });

  test("nothing happens to a grant that is revoked, or that there never was", async () => {
    const grants = await open();
    const [ended, unknown] = [aGrant(), aGrant()];
    await grants.open(ended);
    await grants.revoke(ended.tenantId, ended.id, ended.expiresAt);
    for (const grant of [ended, unknown]) {
      await revoke(grants, grant, "jti-1");
      expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
    }
    expect(await grants.open(unknown)).toBe("opened");
  });
}
