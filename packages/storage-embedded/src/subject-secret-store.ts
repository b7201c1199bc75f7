import type { Sealed, SubjectSecretStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { text } from "./row.ts";

export function embeddedSubjectSecretStore(database: Database): SubjectSecretStore {
  const insert = database.prepare("insert into subject_secrets (tenant_id, secret) values (?, ?) on conflict do nothing");
  const find = database.prepare("select secret from subject_secrets where tenant_id = ?");
  const remove = database.prepare("delete from subject_secrets where tenant_id = ?");
  return {
    async establish(tenant, candidate) {
      const row = find.get(tenant);
      if (row !== undefined) return text<Sealed>(row, "secret");
      insert.run(tenant, candidate);
      return candidate;
    },
    async find(tenant) {
      const row = find.get(tenant);
      return row && text<Sealed>(row, "secret");
    },
    async deleteTenant(tenant) {
      remove.run(tenant);
    },
  };
}
