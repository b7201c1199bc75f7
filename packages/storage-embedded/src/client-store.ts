import type { Instant, SecretHash } from "@signet/protocol";
import type { ClientStore, Sealed, StoredClient } from "@signet/storage";
import { clientMetadata, pageOf } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, optionalInteger, optionalText, type Row, text } from "./row.ts";

const columns = "tenant_id, id, metadata, secret_hash, secret, secret_expires_at, created_at, updated_at, version";

export function embeddedClientStore(database: Database): ClientStore {
  const insert = database.prepare(`insert into clients (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from clients where tenant_id = ? and id = ?`);
  const list = database.prepare(`select ${columns} from clients where tenant_id = ? and id > ? order by id limit ?`);
  const replace = database.prepare(
    `update clients set (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?, ?) where tenant_id = ? and id = ? and version = ?`,
  );
  const exists = database.prepare("select 1 from clients where tenant_id = ? and id = ?");
  const remove = database.prepare("delete from clients where tenant_id = ? and id = ?");
  const removeTenant = database.prepare("delete from clients where tenant_id = ?");
  return {
    async create(client) {
      insert.run(...values(client));
    },
    async find(tenant, id) {
      const row = find.get(tenant, id);
      return row && clientOf(row);
    },
    async list(tenant, { limit, cursor = "" }) {
      return pageOf(list.all(tenant, cursor, limit + 1), limit, clientOf, (client) => client.id);
    },
    async replace(client) {
      if (replace.run(...values(client), client.tenantId, client.id, client.version - 1) === 1) return "replaced";
      return exists.get(client.tenantId, client.id) === undefined ? "unknown" : "conflict";
    },
    async delete(tenant, id) {
      return remove.run(tenant, id) === 1;
    },
    async deleteTenant(tenant) {
      removeTenant.run(tenant);
    },
  };
}

function values(client: StoredClient) {
  return [
    client.tenantId,
    client.id,
    JSON.stringify(client.metadata),
    client.secretHash ?? null,
    client.secret ?? null,
    client.secretExpiresAt ?? null,
    client.createdAt,
    client.updatedAt,
    client.version,
  ];
}

function clientOf(row: Row): StoredClient {
  const secretHash = optionalText<SecretHash>(row, "secret_hash");
  const secret = optionalText<Sealed>(row, "secret");
  const secretExpiresAt = optionalInteger<Instant>(row, "secret_expires_at");
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    metadata: clientMetadata(row, "metadata"),
    ...(secretHash !== undefined && { secretHash }),
    ...(secret !== undefined && { secret }),
    ...(secretExpiresAt !== undefined && { secretExpiresAt }),
    createdAt: integer(row, "created_at"),
    updatedAt: integer(row, "updated_at"),
    version: integer(row, "version"),
  };
}
