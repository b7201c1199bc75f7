import type { SigningKeyStore, StoredSigningKey } from "@signet/storage";
import type { Database } from "./database.ts";
import { integer, type Row, text } from "./row.ts";

const columns = "tenant_id, id, algorithm, private_key, public_jwk, created_at";

export function embeddedSigningKeyStore(database: Database): SigningKeyStore {
  const insert = database.prepare(`insert into signing_keys (${columns}) values (?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from signing_keys where tenant_id = ? and algorithm = ?`);
  const list = database.prepare(`select ${columns} from signing_keys where tenant_id = ? order by id`);
  const removeTenant = database.prepare("delete from signing_keys where tenant_id = ?");
  return {
    async establish(candidate) {
      const row = find.get(candidate.tenantId, candidate.algorithm);
      if (row !== undefined) return signingKeyOf(row);
      insert.run(...values(candidate));
      return candidate;
    },
    async list(tenant) {
      return list.all(tenant).map(signingKeyOf);
    },
    async deleteTenant(tenant) {
      removeTenant.run(tenant);
    },
  };
}

function values(key: StoredSigningKey) {
  return [key.tenantId, key.id, key.algorithm, key.privateKey, key.publicJwk, key.createdAt];
}

function signingKeyOf(row: Row): StoredSigningKey {
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    algorithm: text(row, "algorithm"),
    privateKey: text(row, "private_key"),
    publicJwk: text(row, "public_jwk"),
    createdAt: integer(row, "created_at"),
  };
}
