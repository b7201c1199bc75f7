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
    const clients = [aClientId(), aClientId()];
    for (const client of [...clients, ...clients]) {
      await sessions.join(session.tenantId, session.publicId, client, session.expiresAt);
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
    await sessions.join(session.tenantId, session.publicId, client, session.expiresAt);
    await sessions.end(session.tenantId, session.hash);
    expect(await sessions.participants(session.tenantId, session.publicId, now)).toStrictEqual([client]);
  });

  test("clients that join at once all take part", async () => {
    const sessions = await open();
    const session = aSession();
    const clients = Array.from({ length: 50 }, () => aClientId());
    await concurrently(50, (index) => {
      const client = clients[index] ?? expect.unreachable();
      return sessions.join(session.tenantId, session.publicId, client, session.expiresAt);
    });
    const joined = await sessions.participants(session.tenantId, session.publicId, now);
    expect([...joined].sort()).toStrictEqual([...clients].sort());
  });

  test("of more than there may be, the last are known", async () => {
    const sessions = await open();
    const session = aSession();
    const clients = Array.from({ length: maximumParticipants + 5 }, () => aClientId());
    for (const client of clients) await sessions.join(session.tenantId, session.publicId, client, session.expiresAt);
    const joined = await sessions.participants(session.tenantId, session.publicId, now);
    expect([...joined].sort()).toStrictEqual(clients.slice(5).sort());
  });

  test("a client that comes back again and again drives nobody out", async () => {
    const sessions = await open();
    const session = aSession();
    const [first, busy] = [aClientId(), aClientId()];
    await sessions.join(session.tenantId, session.publicId, first, session.expiresAt);
    for (let time = 0; time < 2 * maximumParticipants; time++) {
      await sessions.join(session.tenantId, session.publicId, busy, session.expiresAt);
    }
    expect(await sessions.participants(session.tenantId, session.publicId, now)).toContain(first);
  });

  test("a sign-in that keeps the public id keeps those who take part for as long as it lasts itself", async () => {
    const sessions = await open();
    const first = aSession({ expiresAt: later(now, minute) });
    const next: StoredSession = { ...first, hash: aHash(), expiresAt: later(now, 60 * minute) };
    const client = aClientId();
    await sessions.start(first);
    await sessions.join(first.tenantId, first.publicId, client, first.expiresAt);
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
    await sessions.join(session.tenantId, session.publicId, aClientId(), session.expiresAt);
    await sessions.deleteTenant(session.tenantId);
    expect(await sessions.participants(session.tenantId, session.publicId, now)).toStrictEqual([]);
  });
}
