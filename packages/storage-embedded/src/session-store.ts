import { maximumParticipants, type SessionStore, type StoredSession } from "@signet/storage";
import { pageOf } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, jsonTexts, type Row, text } from "./row.ts";

const columns = "tenant_id, hash, public_id, user_id, auth_time, amr, expires_at";

export function embeddedSessionStore(database: Database): SessionStore {
  const insert = database.prepare(`insert into sessions (${columns}) values (?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from sessions where tenant_id = ? and hash = ? and expires_at > ?`);
  const stands = database.prepare("select 1 from sessions where tenant_id = ? and hash = ?");
  const remove = database.prepare("delete from sessions where tenant_id = ? and hash = ?");
  const removeUser = database.prepare("delete from sessions where tenant_id = ? and user_id = ?");
  const removeTenant = database.prepare("delete from sessions where tenant_id = ?");
  const join = database.prepare(
    `insert into session_clients (tenant_id, session_public_id, client_id, number, expires_at)
      values (?, ?, ?, (select coalesce(max(number), 0) + 1 from session_clients where tenant_id = ? and session_public_id = ?), ?)
      on conflict do update set expires_at = excluded.expires_at where expires_at < excluded.expires_at
      returning number`,
  );
  const removeFirst = database.prepare(
    "delete from session_clients where tenant_id = ? and session_public_id = ? and number <= ?",
  );
  const prolong = database.prepare(
    "update session_clients set expires_at = ? where tenant_id = ? and session_public_id = ? and expires_at < ?",
  );
  const listJoined = database.prepare(
    "select client_id from session_clients where tenant_id = ? and session_public_id = ? and expires_at > ?",
  );
  const listUser = database.prepare(
    `select ${columns}, rowid from sessions where tenant_id = ? and user_id = ? and rowid > ? order by rowid limit ?`,
  );
  const removeTenantClients = database.prepare("delete from session_clients where tenant_id = ?");
  return {
    async start(session, replaced) {
      await database.write(() =>
        database.transaction(() => {
          prolong.run(session.expiresAt, session.tenantId, session.publicId, session.expiresAt);
          if (replaced !== undefined) remove.run(session.tenantId, replaced);
          insert.run(...values(session));
        }),
      );
    },
    async find(tenant, hash, now) {
      const row = find.get(tenant, hash, now);
      return row && sessionOf(row);
    },
    async end(tenant, hash) {
      await database.write(() => remove.run(tenant, hash));
    },
    join: ({ tenantId, hash, publicId, expiresAt }, client) =>
      database.write(() =>
        database.transaction(() => {
          if (stands.get(tenantId, hash) === undefined) return false;
          const joined = join.get(tenantId, publicId, client, tenantId, publicId, expiresAt);
          if (joined !== undefined) removeFirst.run(tenantId, publicId, integer(joined, "number") - maximumParticipants);
          return true;
        }),
      ),
    async participants(tenant, session, now) {
      return listJoined.all(tenant, session, now).map((row) => text(row, "client_id"));
    },
    async ofUser(tenant, user, now, { limit, cursor = "0" }) {
      const rows = listUser.all(tenant, user, Number(cursor), limit + 1);
      const { items, ...next } = pageOf(
        rows,
        limit,
        (row) => row,
        (row) => String(integer(row, "rowid")),
      );
      return { items: items.map(sessionOf).filter(({ expiresAt }) => expiresAt > now), ...next };
    },
    async endOfUser(tenant, user) {
      await database.write(() => removeUser.run(tenant, user));
    },
    async deleteTenant(tenant) {
      await database.write(() =>
        database.transaction(() => {
          removeTenant.run(tenant);
          removeTenantClients.run(tenant);
        }),
      );
    },
  };
}

function values(session: StoredSession) {
  return [
    session.tenantId,
    session.hash,
    session.publicId,
    session.userId,
    session.authTime,
    JSON.stringify(session.amr),
    session.expiresAt,
  ];
}

function sessionOf(row: Row): StoredSession {
  return {
    tenantId: text(row, "tenant_id"),
    hash: text(row, "hash"),
    publicId: text(row, "public_id"),
    userId: text(row, "user_id"),
    authTime: integer(row, "auth_time"),
    amr: jsonTexts(row, "amr"),
    expiresAt: integer(row, "expires_at"),
  };
}
