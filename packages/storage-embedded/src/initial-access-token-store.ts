import type { InitialAccessTokenStore, StoredInitialAccessToken } from "@signet/storage";
import { pageOf } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, type Row, text } from "./row.ts";

const columns = "tenant_id, id, hash, label, maximum_uses, uses, created_at, expires_at";
/** At most so many expired ones are forgotten in one step. */
const forgottenAtOnce = 200;

export function embeddedInitialAccessTokenStore(database: Database): InitialAccessTokenStore {
  const insert = database.prepare(`insert into initial_access_tokens (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from initial_access_tokens where tenant_id = ? and id = ? and expires_at > ?`);
  const list = database.prepare(
    `select ${columns} from initial_access_tokens where tenant_id = ? and id > ? and expires_at > ? order by id limit ?`,
  );
  const use = database.prepare(
    `update initial_access_tokens set uses = uses + 1
      where tenant_id = ? and id = ? and expires_at > ? and uses < maximum_uses`,
  );
  const remove = database.prepare("delete from initial_access_tokens where tenant_id = ? and id = ?");
  const removeTenant = database.prepare("delete from initial_access_tokens where tenant_id = ?");
  const forget = database.prepare(
    `delete from initial_access_tokens where (tenant_id, id) in
      (select tenant_id, id from initial_access_tokens where expires_at <= ? order by expires_at limit ${forgottenAtOnce})`,
  );
  return {
    async create(token) {
      database.transaction(() => {
        // Each token makes room for itself, so what has expired needs no sweep of its own.
        forget.run(token.createdAt);
        insert.run(...values(token));
      });
    },
    async find(tenant, id, now) {
      const row = find.get(tenant, id, now);
      return row && tokenOf(row);
    },
    async list(tenant, { limit, cursor = "" }, now) {
      return pageOf(list.all(tenant, cursor, now, limit + 1), limit, tokenOf, (token) => token.id);
    },
    async use(tenant, id, now) {
      return use.run(tenant, id, now) === 1;
    },
    async delete(tenant, id) {
      return remove.run(tenant, id) === 1;
    },
    async deleteTenant(tenant) {
      removeTenant.run(tenant);
    },
  };
}

function values(token: StoredInitialAccessToken) {
  return [token.tenantId, token.id, token.hash, token.label, token.maximumUses, token.uses, token.createdAt, token.expiresAt];
}

function tokenOf(row: Row): StoredInitialAccessToken {
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    hash: text(row, "hash"),
    label: text(row, "label"),
    maximumUses: integer(row, "maximum_uses"),
    uses: integer(row, "uses"),
    createdAt: integer(row, "created_at"),
    expiresAt: integer(row, "expires_at"),
  };
}
