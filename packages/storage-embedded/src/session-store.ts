import type { SessionStore, StoredSession } from "@signet/storage";
import type { Database } from "./database.ts";
import { integer, jsonTexts, type Row, text } from "./row.ts";

const columns = "tenant_id, hash, public_id, user_id, auth_time, amr, expires_at";

export function embeddedSessionStore(database: Database): SessionStore {
  const insert = database.prepare(`insert into sessions (${columns}) values (?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from sessions where tenant_id = ? and hash = ? and expires_at > ?`);
  const remove = database.prepare("delete from sessions where tenant_id = ? and hash = ?");
  const removeUser = database.prepare("delete from sessions where tenant_id = ? and user_id = ?");
  const removeTenant = database.prepare("delete from sessions where tenant_id = ?");
  return {
    async start(session, replaced) {
      await database.write(() =>
        database.transaction(() => {
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
    async endOfUser(tenant, user) {
      await database.write(() => removeUser.run(tenant, user));
    },
    async deleteTenant(tenant) {
      await database.write(() => removeTenant.run(tenant));
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
