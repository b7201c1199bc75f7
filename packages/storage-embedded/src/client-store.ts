import type { ClientId, Instant, SecretHash } from "@signet/protocol";
import type { ClientStore, Sealed, StoredClient, StoredRegistration } from "@signet/storage";
import { clientMetadata, endOf, liveUntil, pageOf } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, optionalInteger, optionalJsonObject, optionalText, type Row, text } from "./row.ts";

const columns =
  "tenant_id, id, metadata, secret_hash, secret, secret_expires_at, registration, live_until, created_at, updated_at, version";

export function embeddedClientStore(database: Database): ClientStore {
  const insert = database.prepare(`insert into clients (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from clients where tenant_id = ? and id = ?`);
  const list = database.prepare(`select ${columns} from clients where tenant_id = ? and id > ? order by id limit ?`);
  const replace = database.prepare(
    `update clients set (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) where tenant_id = ? and id = ? and version = ?`,
  );
  const exists = database.prepare("select 1 from clients where tenant_id = ? and id = ?");
  const remove = database.prepare("delete from clients where tenant_id = ? and id = ?");
  const countAlive = database.prepare("select count(*) as alive from clients where tenant_id = ? and live_until > ?");
  const removeExpired = database.prepare(
    `delete from clients where (tenant_id, id) in
      (select tenant_id, id from clients where tenant_id = ? and live_until <= ? order by live_until limit ?) returning id`,
  );
  const removeTenant = database.prepare("delete from clients where tenant_id = ?");
  return {
    async create(client) {
      insert.run(...values(client));
    },
    async createWithin(client, quota, now) {
      return database.transaction(() => {
        const counted = countAlive.get(client.tenantId, now);
        if (counted === undefined || integer(counted, "alive") >= quota) return "quota-reached";
        insert.run(...values(client));
        return "created";
      });
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
    async deleteExpired(tenant, now, limit) {
      return removeExpired.all(tenant, now, limit).map((row) => text<ClientId>(row, "id"));
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
    client.registration === undefined ? null : JSON.stringify(client.registration),
    liveUntil(client) ?? null,
    client.createdAt,
    client.updatedAt,
    client.version,
  ];
}

function clientOf(row: Row): StoredClient {
  const secretHash = optionalText<SecretHash>(row, "secret_hash");
  const secret = optionalText<Sealed>(row, "secret");
  const secretExpiresAt = optionalInteger<Instant>(row, "secret_expires_at");
  const registration = optionalJsonObject<StoredRegistration>(row, "registration");
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    metadata: clientMetadata(row, "metadata"),
    ...(secretHash !== undefined && { secretHash }),
    ...(secret !== undefined && { secret }),
    ...(secretExpiresAt !== undefined && { secretExpiresAt }),
    ...(registration !== undefined && { registration }),
    ...endOf(optionalInteger<Instant>(row, "live_until")),
    createdAt: integer(row, "created_at"),
    updatedAt: integer(row, "updated_at"),
    version: integer(row, "version"),
  };
}
