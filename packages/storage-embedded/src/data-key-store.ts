import type { DataKeyStore, TenantDataKey, WrappedKey } from "@signet/storage";
import { pageOf } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { type Row, text } from "./row.ts";

/** The data keys of `service`, which never sees another service's. */
export function embeddedDataKeyStore(database: Database, service: "registry" | "token"): DataKeyStore {
  const insert = database.prepare(
    "insert into data_keys (service, tenant_id, wrapped_key) values (?, ?, ?) on conflict do nothing",
  );
  const find = database.prepare("select wrapped_key from data_keys where service = ? and tenant_id = ?");
  const list = database.prepare(
    "select tenant_id, wrapped_key from data_keys where service = ? and tenant_id > ? order by tenant_id limit ?",
  );
  const replace = database.prepare(
    "update data_keys set wrapped_key = ? where service = ? and tenant_id = ? and wrapped_key = ?",
  );
  const remove = database.prepare("delete from data_keys where service = ? and tenant_id = ?");
  return {
    async establish(tenant, candidate) {
      const row = find.get(service, tenant);
      if (row !== undefined) return text<WrappedKey>(row, "wrapped_key");
      insert.run(service, tenant, candidate);
      return candidate;
    },
    async find(tenant) {
      const row = find.get(service, tenant);
      return row && text<WrappedKey>(row, "wrapped_key");
    },
    async list({ limit, cursor = "" }) {
      return pageOf(list.all(service, cursor, limit + 1), limit, tenantDataKeyOf, ({ tenantId }) => tenantId);
    },
    replace(tenant, current, replacement) {
      return database.write(() => replace.run(replacement, service, tenant, current) === 1);
    },
    async deleteTenant(tenant) {
      remove.run(service, tenant);
    },
  };
}

function tenantDataKeyOf(row: Row): TenantDataKey {
  return { tenantId: text(row, "tenant_id"), wrappedKey: text(row, "wrapped_key") };
}
