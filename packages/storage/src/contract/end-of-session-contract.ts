import { later, longestRefreshTimeoutMilliseconds } from "@signet/protocol";
import { expect, test } from "vitest";
import type { GrantStore } from "../grant-store.ts";
import { aGrant, aHash, aRefreshableGrant, aRotation, aSessionPublicId, aTenantId, minute, now } from "./fixtures/index.ts";

/** What every `GrantStore` promises of the grants that rest on a session. `open` gives an empty one. */
export function endOfSessionContract(open: () => Promise<GrantStore>): void {
  test("the end of a session ends its grants and no others, however many there are", async () => {
    const grants = await open();
    const [tenantId, sessionPublicId] = [aTenantId(), aSessionPublicId()];
    const own = Array.from({ length: 450 }, () => aRefreshableGrant(aHash(), { tenantId, sessionPublicId }));
    const others = [aGrant({ tenantId }), aGrant({ sessionPublicId })];
    await Promise.all([...own, ...others].map((grant) => grants.open(grant)));
    await grants.endSession(tenantId, sessionPublicId, now);
    for (const grant of own) expect(await grants.find(tenantId, grant.id, now)).toBeUndefined();
    for (const grant of others) expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
    await expect(grants.endSession(tenantId, sessionPublicId, now)).resolves.toBeUndefined();
  });

  test("a grant of offline_access outlives its session, and its refresh token goes on", async () => {
    const grants = await open();
    const live = aHash();
    const grant = aRefreshableGrant(live, { scopes: ["openid", "offline_access"] });
    await grants.open(grant);
    await grants.endSession(grant.tenantId, grant.sessionPublicId, now);
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
    expect((await grants.rotate(aRotation(grant, live))).kind).toBe("rotated");
  });

  test("a scope whose name only looks like offline_access outlives nothing", async () => {
    const grants = await open();
    const grant = aGrant({ scopes: ["openid", "not_offline_access", "offline_access_not"] });
    await grants.open(grant);
    await grants.endSession(grant.tenantId, grant.sessionPublicId, now);
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });

  test("a refresh token of an ended session is unknown, the live one as those before it", async () => {
    const grants = await open();
    const [first, second] = [aHash(), aHash()];
    const grant = aRefreshableGrant(first);
    await grants.open(grant);
    await grants.rotate(aRotation(grant, first, { next: second }));
    await grants.endSession(grant.tenantId, grant.sessionPublicId, now);
    for (const presented of [first, second]) {
      expect(await grants.rotate(aRotation(grant, presented))).toStrictEqual({ kind: "unknown" });
    }
  });

  test("a grant never comes back, however long it would have lived", async () => {
    const grants = await open();
    const grant = aGrant({ expiresAt: later(now, longestRefreshTimeoutMilliseconds) });
    await grants.open(grant);
    await grants.endSession(grant.tenantId, grant.sessionPublicId, now);
    expect(await grants.find(grant.tenantId, grant.id, later(grant.expiresAt, -1))).toBeUndefined();
  });

  test("a grant that is opened after its session has ended is ended by the next call at the latest", async () => {
    const grants = await open();
    const grant = aGrant();
    await grants.endSession(grant.tenantId, grant.sessionPublicId, now);
    await grants.open(grant);
    await grants.endSession(grant.tenantId, grant.sessionPublicId, later(now, minute));
    expect(await grants.find(grant.tenantId, grant.id, now)).toBeUndefined();
  });
}
