import { keptRefusals, type RefusalStore } from "@signet/storage";
import { refusalOf, refusalText } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, text } from "./row.ts";

/** Each tenant's refusals are a ring: the next one takes the place of the oldest. */
export function embeddedRefusalStore(database: Database): RefusalStore {
  const nextPlace = database.prepare(
    `insert into refusal_counts (tenant_id, recorded) values (?, 1)
      on conflict (tenant_id) do update set recorded = recorded + 1 returning recorded`,
  );
  const keep = database.prepare(
    "insert or replace into refusals (tenant_id, place, id, refusal, expires_at) values (?, ?, ?, ?, ?)",
  );
  const find = database.prepare("select refusal from refusals where tenant_id = ? and id = ? and expires_at > ?");
  const removals = ["refusals", "refusal_counts"].map((table) => database.prepare(`delete from ${table} where tenant_id = ?`));
  return {
    async record(refusal) {
      const { tenantId, id, expiresAt } = refusal;
      await database.write(() =>
        database.transaction(() => {
          const place = integer(nextPlace.get(tenantId) ?? {}, "recorded") % keptRefusals;
          keep.run(tenantId, place, id, refusalText(refusal), expiresAt);
        }),
      );
    },
    async find(tenant, id, now) {
      const row = find.get(tenant, id, now);
      return row && refusalOf(tenant, id, text(row, "refusal"));
    },
    async deleteTenant(tenant) {
      await database.write(() =>
        database.transaction(() => {
          for (const removal of removals) removal.run(tenant);
        }),
      );
    },
  };
}
