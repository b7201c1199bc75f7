import type { StoredTenant, TenantStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { pageOf } from "./page.ts";
import { integer, object, type Row, text } from "./row.ts";

const columns = "id, name, settings, branding, registration_token_hash, registration_token, created_at, version";

export function embeddedTenantStore(database: Database): TenantStore {
  const insert = database.prepare(
    `insert into tenants (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?) on conflict (name) do nothing`,
  );
  const findByName = database.prepare(`select ${columns} from tenants where name = ?`);
  const list = database.prepare(`select ${columns} from tenants where name > ? order by name limit ?`);
  const replace = database.prepare(`update tenants set (${columns}) = (?, ?, ?, ?, ?, ?, ?, ?) where id = ? and version = ?`);
  const exists = database.prepare("select 1 from tenants where id = ?");
  const remove = database.prepare("delete from tenants where id = ?");
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
    async delete(id) {
      return remove.run(id) === 1;
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
    settings: object(row, "settings"),
    branding: object(row, "branding"),
    registrationTokenHash: text(row, "registration_token_hash"),
    registrationToken: text(row, "registration_token"),
    createdAt: integer(row, "created_at"),
    version: integer(row, "version"),
  };
}
