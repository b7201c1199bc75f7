import { storedTenantSettings } from "@signet/protocol";
import { type DeletedTenant, deletedTenantKey, deletionMemoryDays, type StoredTenant, type TenantStore } from "@signet/storage";
import { pageOf } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, jsonObject, type Row, text } from "./row.ts";

const columns = "id, name, settings, branding, registration_token_hash, registration_token, created_at, version";
const deletedColumns = "id, name, deleted_at";
const millisecondsOfDay = 86_400_000;
/** At most so many deletions are forgotten in one step. */
const forgottenAtOnce = 200;

export function embeddedTenantStore(database: Database): TenantStore {
  const insert = database.prepare(
    `insert into tenants (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (name) do nothing`,
  );
  const findByName = database.prepare(`select ${columns} from tenants where name = ?`);
  const list = database.prepare(`select ${columns} from tenants where name > ? order by name limit ?`);
  const replace = database.prepare(`update tenants set (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?) where id = ? and version = ?`);
  const exists = database.prepare("select 1 from tenants where id = ?");
  const remove = database.prepare("delete from tenants where id = ? and name = ?");
  const insertDeleted = database.prepare(
    `insert into deleted_tenants (${deletedColumns}, position, finished) values (?, ?, ?, ?, 0)`,
  );
  const findUnfinished = database.prepare(
    `select ${deletedColumns} from deleted_tenants
      where position > ? and position < ? and finished = 0 order by position desc limit 1`,
  );
  const finish = database.prepare("update deleted_tenants set finished = 1 where id = ?");
  const listDeleted = database.prepare(
    `select ${deletedColumns} from deleted_tenants where position > ? order by position limit ?`,
  );
  const forget = database.prepare(
    `delete from deleted_tenants where id in
      (select id from deleted_tenants where deleted_at < ? order by deleted_at limit ${forgottenAtOnce})`,
  );
  return {
    async create(tenant) {
      return insert.run(...values(tenant)) === 1 ? "created" : "name-taken";
    },
    async findByName(name) {
      const row = findByName.get(name);
      return row && tenantOf(row);
    },
    async list({ limit, cursor = "" }) {
      return pageOf(list.all(cursor, limit + 1), limit, tenantOf, (tenant) => tenant.name);
    },
    async replace(tenant) {
      if (replace.run(...values(tenant), tenant.id, tenant.version - 1) === 1) return "replaced";
      return exists.get(tenant.id) === undefined ? "unknown" : "conflict";
    },
    async delete({ id, name }, now) {
      return database.transaction(() => {
        if (remove.run(id, name) === 0) return false;
        insertDeleted.run(id, name, now, deletedTenantKey({ id, name, deletedAt: now }));
        // Each deletion makes room for itself, so what is remembered needs no sweep of its own.
        forget.run(now - deletionMemoryDays * millisecondsOfDay);
        return true;
      });
    },
    async findUnfinished(name) {
      // The semicolon is the character that comes after the colon.
      const row = findUnfinished.get(`${name}:`, `${name};`);
      return row && deletedTenantOf(row);
    },
    async finishDeletion(id) {
      finish.run(id);
    },
    async listDeleted({ limit, cursor = "" }) {
      return pageOf(listDeleted.all(cursor, limit + 1), limit, deletedTenantOf, deletedTenantKey);
    },
  };
}

function values(tenant: StoredTenant) {
  return [
    tenant.id,
    tenant.name,
    JSON.stringify(tenant.settings),
    JSON.stringify(tenant.branding),
    tenant.registrationTokenHash,
    tenant.registrationToken,
    tenant.createdAt,
    tenant.version,
  ];
}

function tenantOf(row: Row): StoredTenant {
  return {
    id: text(row, "id"),
    name: text(row, "name"),
    settings: storedTenantSettings(jsonObject(row, "settings")),
    branding: jsonObject(row, "branding"),
    registrationTokenHash: text(row, "registration_token_hash"),
    registrationToken: text(row, "registration_token"),
    createdAt: integer(row, "created_at"),
    version: integer(row, "version"),
  };
}

function deletedTenantOf(row: Row): DeletedTenant {
  return { id: text(row, "id"), name: text(row, "name"), deletedAt: integer(row, "deleted_at") };
}
