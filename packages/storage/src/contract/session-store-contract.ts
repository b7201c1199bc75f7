import { later } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import type { SessionStore } from "../session-store.ts";
import { aHash, aSession, aTenantId, aUserId, minute, now } from "./fixtures/index.ts";
import { participantsContract } from "./participants-contract.ts";

/** What every `SessionStore` promises. `open` gives an empty one. */
export function sessionStoreContract(open: () => Promise<SessionStore>): void {
  test("a session is found, with all that it was started with", async () => {
    const sessions = await open();
    const session = aSession({ amr: ["pwd", "otp", "mfa"] });
    await sessions.start(session);
    expect(await sessions.find(session.tenantId, session.hash, now)).toStrictEqual(session);
  });

  test("a hash that no session has finds nothing", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    expect(await sessions.find(session.tenantId, aHash(), now)).toBeUndefined();
  });

  test("a session ends when it expires, to the millisecond", async () => {
    const sessions = await open();
    const session = aSession({ expiresAt: later(now, minute) });
    await sessions.start(session);
    expect(await sessions.find(session.tenantId, session.hash, later(now, minute - 1))).toStrictEqual(session);
    expect(await sessions.find(session.tenantId, session.hash, later(now, minute))).toBeUndefined();
  });

  test("T3: another tenant neither finds nor ends a session", async () => {
    const sessions = await open();
    const session = aSession();
    const other = aTenantId();
    await sessions.start(session);
    expect(await sessions.find(other, session.hash, now)).toBeUndefined();
    await sessions.end(other, session.hash);
    await sessions.endOfUser(other, session.userId);
    expect(await sessions.find(session.tenantId, session.hash, now)).toStrictEqual(session);
  });

  test("B3: a session ends the one that it replaces, and no other", async () => {
    const sessions = await open();
    const old = aSession();
    const bystander = aSession({ tenantId: old.tenantId, userId: old.userId });
    const session = aSession({ tenantId: old.tenantId });
    await sessions.start(old);
    await sessions.start(bystander);
    await sessions.start(session, old.hash);
    expect(await sessions.find(old.tenantId, old.hash, now)).toBeUndefined();
    expect(await sessions.find(session.tenantId, session.hash, now)).toStrictEqual(session);
    expect(await sessions.find(bystander.tenantId, bystander.hash, now)).toStrictEqual(bystander);
  });

  test("a session may replace one that does not exist", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session, aHash());
    expect(await sessions.find(session.tenantId, session.hash, now)).toStrictEqual(session);
  });

  test("an ended session is not found, and can be ended again", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    await sessions.end(session.tenantId, session.hash);
    expect(await sessions.find(session.tenantId, session.hash, now)).toBeUndefined();
    await expect(sessions.end(session.tenantId, session.hash)).resolves.toBeUndefined();
  });

  test("all sessions of a user end at once, and no others", async () => {
    const sessions = await open();
    const [tenantId, userId] = [aTenantId(), aUserId()];
    const own = Array.from({ length: 3 }, () => aSession({ tenantId, userId }));
    const other = aSession({ tenantId });
    for (const session of [...own, other]) await sessions.start(session);
    await sessions.endOfUser(tenantId, userId);
    for (const session of own) expect(await sessions.find(tenantId, session.hash, now)).toBeUndefined();
    expect(await sessions.find(tenantId, other.hash, now)).toStrictEqual(other);
  });

  describe("who takes part in a session", () => participantsContract(open));

  test("the deletion of a tenant ends its sessions and no others", async () => {
    const sessions = await open();
    const session = aSession();
    const other = aSession({ userId: session.userId });
    await sessions.start(session);
    await sessions.start(other);
    await sessions.deleteTenant(session.tenantId);
    expect(await sessions.find(session.tenantId, session.hash, now)).toBeUndefined();
    expect(await sessions.find(other.tenantId, other.hash, now)).toStrictEqual(other);
  });
}
