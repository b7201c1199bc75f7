import { later } from "@signet/protocol";
import { expect, test } from "vitest";
import { pagesOf } from "../page.ts";
import { maximumParticipants, type SessionStore, type StoredSession } from "../session-store.ts";
import { aClientId, aHash, aSession, aTenantId, aUserId, concurrently, minute, now } from "./fixtures/index.ts";

/** What every `SessionStore` promises of the clients that take part in a session, and of a user's sessions. `open` gives an empty one. */
export function participantsContract(open: () => Promise<SessionStore>): void {
  test("a client that has joined takes part, once however often it joined, and in no other session", async () => {
    const sessions = await open();
    const [session, other] = [aSession(), aSession()];
    await sessions.start(session);
    const clients = [aClientId(), aClientId()];
    for (const client of [...clients, ...clients]) {
      await sessions.join(session, client);
    }
    const joined = await sessions.participants(session.tenantId, session.publicId, now);
    expect([...joined].sort()).toStrictEqual([...clients].sort());
    expect(await sessions.participants(session.tenantId, other.publicId, now)).toStrictEqual([]);
    expect(await sessions.participants(other.tenantId, session.publicId, now)).toStrictEqual([]);
  });

  test("who took part is known after the session has ended", async () => {
    const sessions = await open();
    const [session, client] = [aSession(), aClientId()];
    await sessions.start(session);
    await sessions.join(session, client);
    await sessions.end(session.tenantId, session.hash);
    expect(await sessions.participants(session.tenantId, session.publicId, now)).toStrictEqual([client]);
  });

  test("nobody joins a session that has ended, that another replaced or that never was, and a client that was there stays known", async () => {
    const sessions = await open();
    const [ended, replaced, client] = [aSession(), aSession(), aClientId()];
    const next: StoredSession = { ...replaced, hash: aHash() };
    for (const session of [ended, replaced]) {
      await sessions.start(session);
      expect(await sessions.join(session, client)).toBe(true);
    }
    await sessions.end(ended.tenantId, ended.hash);
    await sessions.start(next, replaced.hash);
    for (const session of [ended, replaced, aSession()]) expect(await sessions.join(session, aClientId())).toBe(false);
    for (const { tenantId, publicId } of [ended, replaced]) {
      expect(await sessions.participants(tenantId, publicId, now)).toStrictEqual([client]);
    }
    expect(await sessions.join(next, aClientId())).toBe(true);
  });

  test("of clients that join while the session ends, those that were told so are all known once it has ended", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    const clients = Array.from({ length: 40 }, () => aClientId());
    const ending: Promise<void>[] = [];
    const joined = await concurrently(40, async (index) => {
      if (index === 20) ending.push(sessions.end(session.tenantId, session.hash));
      return sessions.join(session, clients[index] ?? expect.unreachable());
    });
    await Promise.all(ending);
    const known = await sessions.participants(session.tenantId, session.publicId, now);
    expect([...known].sort()).toStrictEqual(clients.filter((_, index) => joined[index]).sort());
  });

  test("clients that join at once all take part", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    const clients = Array.from({ length: 50 }, () => aClientId());
    await concurrently(50, (index) => {
      const client = clients[index] ?? expect.unreachable();
      return sessions.join(session, client);
    });
    const joined = await sessions.participants(session.tenantId, session.publicId, now);
    expect([...joined].sort()).toStrictEqual([...clients].sort());
  });

  test("of more than there may be, the last are known", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    const clients = Array.from({ length: maximumParticipants + 5 }, () => aClientId());
    for (const client of clients) await sessions.join(session, client);
    const joined = await sessions.participants(session.tenantId, session.publicId, now);
    expect([...joined].sort()).toStrictEqual(clients.slice(5).sort());
  });

  test("a client that comes back again and again drives nobody out", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    const [first, busy] = [aClientId(), aClientId()];
    await sessions.join(session, first);
    for (let time = 0; time < 2 * maximumParticipants; time++) {
      await sessions.join(session, busy);
    }
    expect(await sessions.participants(session.tenantId, session.publicId, now)).toContain(first);
  });

  test("a sign-in that keeps the public id keeps those who take part for as long as it lasts itself", async () => {
    const sessions = await open();
    const first = aSession({ expiresAt: later(now, minute) });
    const next: StoredSession = { ...first, hash: aHash(), expiresAt: later(now, 60 * minute) };
    const client = aClientId();
    await sessions.start(first);
    await sessions.join(first, client);
    await sessions.start(next, first.hash);
    expect(await sessions.participants(first.tenantId, first.publicId, later(now, 59 * minute))).toStrictEqual([client]);
  });

  test("all of a user's sessions are listed, page by page, and no others", async () => {
    const sessions = await open();
    const [tenantId, userId] = [aTenantId(), aUserId()];
    const own = Array.from({ length: 7 }, () => aSession({ tenantId, userId }));
    const over = aSession({ tenantId, userId, expiresAt: later(now, minute) });
    const ended = aSession({ tenantId, userId });
    for (const session of [...own, over, ended, aSession({ tenantId }), aSession({ userId })]) await sessions.start(session);
    await sessions.end(tenantId, ended.hash);
    const pages = pagesOf(2, (page) => sessions.ofUser(tenantId, userId, later(now, minute), page));
    const listed = (await Array.fromAsync(pages)).flat();
    const byHash = (one: StoredSession, other: StoredSession) => (one.hash < other.hash ? -1 : 1);
    expect(listed.sort(byHash)).toStrictEqual(own.sort(byHash));
  });

  test("the deletion of a tenant leaves nobody who takes part in its sessions", async () => {
    const sessions = await open();
    const session = aSession();
    await sessions.start(session);
    await sessions.join(session, aClientId());
    await sessions.deleteTenant(session.tenantId);
    expect(await sessions.participants(session.tenantId, session.publicId, now)).toStrictEqual([]);
  });
}
