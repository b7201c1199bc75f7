import { type KeyRingChange, keyRingKey, type SigningKeyStore, type StoredKeyRing } from "@signet/storage";
import { pageOf, signingKeysIn, signingKeysJson } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, type Row, text } from "./row.ts";

const changeColumns = "tenant_id, algorithm, version, changed_at";
const columns = `${changeColumns}, keys`;

export function embeddedSigningKeyStore(database: Database): SigningKeyStore {
  const insert = database.prepare(`insert into key_rings (${columns}) values (?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from key_rings where tenant_id = ? and algorithm = ?`);
  const list = database.prepare(`select ${columns} from key_rings where tenant_id = ?`);
  const replace = database.prepare(
    `update key_rings set (${columns}) = (?, ?, ?, ?, ?) where tenant_id = ? and algorithm = ? and version = ?`,
  );
  const listAll = database.prepare(
    `select ${columns} from key_rings where (tenant_id, algorithm) > (?, ?) order by tenant_id, algorithm limit ?`,
  );
  const listChanged = database.prepare(`select ${changeColumns} from key_rings where changed_at > ? order by changed_at limit ?`);
  const removeTenant = database.prepare("delete from key_rings where tenant_id = ?");
  return {
    async establish(candidate) {
      const row = find.get(candidate.tenantId, candidate.algorithm);
      if (row !== undefined) return keyRingOf(row);
      insert.run(...values(candidate));
      return candidate;
    },
    async list(tenant) {
      return list
        .all(tenant)
        .map(keyRingOf)
        .toSorted((one, other) => (one.algorithm < other.algorithm ? -1 : 1));
    },
    async replace(ring) {
      return replace.run(...values(ring), ring.tenantId, ring.algorithm, ring.version - 1) === 1;
    },
    async listAll({ limit, cursor = "" }) {
      const [tenant = "", algorithm = ""] = cursor.split(":");
      return pageOf(listAll.all(tenant, algorithm, limit + 1), limit, keyRingOf, keyRingKey);
    },
    async listChanged(since, limit) {
      return listChanged.all(since, limit).map(changeOf);
    },
    async deleteTenant(tenant) {
      removeTenant.run(tenant);
    },
  };
}

function values({ tenantId, algorithm, version, changedAt, keys }: StoredKeyRing) {
  return [tenantId, algorithm, version, changedAt, signingKeysJson(keys)];
}

function keyRingOf(row: Row): StoredKeyRing {
  return { ...changeOf(row), keys: signingKeysIn(text(row, "keys")) };
}

function changeOf(row: Row): KeyRingChange {
  return {
    tenantId: text(row, "tenant_id"),
    algorithm: text(row, "algorithm"),
    version: integer(row, "version"),
    changedAt: integer(row, "changed_at"),
  };
}
