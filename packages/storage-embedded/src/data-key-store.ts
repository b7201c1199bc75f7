import type { DataKeyStore, WrappedKey } from "@signet/storage";
import type { Database } from "./database.ts";
import { text } from "./row.ts";

/** The data keys of `service`, which never sees another service's. */
export function embeddedDataKeyStore(database: Database, service: "registry" | "token"): DataKeyStore {
  const insert = database.prepare(
    "insert into data_keys (service, tenant_id, wrapped_key) values (?, ?, ?) on conflict do nothing",
  );
  const find = database.prepare("select wrapped_key from data_keys where service = ? and tenant_id = ?");
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
    async deleteTenant(tenant) {
      remove.run(service, tenant);
    },
  };
}
