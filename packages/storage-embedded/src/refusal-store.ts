import type { TenantId } from "@signet/protocol";
import { keptRefusals, type RefusalStore } from "@signet/storage";
import { crowdedOut, groupOf, refusalOf, refusalText } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { integer, text } from "./row.ts";

/** So many more are there at times: who goes is worked out for several at once. */
const slack = 10;

/** Each tenant's refusals have places, in the order of their coming. */
export function embeddedRefusalStore(database: Database): RefusalStore {
  const nextPlace = database.prepare(
    `insert into refusal_counts (tenant_id, recorded) values (?, 1)
      on conflict (tenant_id) do update set recorded = recorded + 1 returning recorded`,
  );
  const keep = database.prepare(
    "insert or replace into refusals (tenant_id, place, id, refusal, expires_at, kind, client_id) values (?, ?, ?, ?, ?, ?, ?)",
  );
  const beyond = database.prepare(
    `select 1 from refusals where tenant_id = ? and place >= 0 order by place limit 1 offset ${keptRefusals + slack}`,
  );
  const list = database.prepare("select place, kind, client_id from refusals where tenant_id = ? and place >= 0 order by place");
  const remove = database.prepare("delete from refusals where tenant_id = ? and place = ?");
  const find = database.prepare("select refusal from refusals where tenant_id = ? and id = ? and expires_at > ?");
  const removals = ["refusals", "refusal_counts"].map((table) => database.prepare(`delete from ${table} where tenant_id = ?`));
  /** So many rows at most, whatever comes. */
  function makeRoom(tenant: TenantId): void {
    if (beyond.get(tenant) === undefined) return;
    const groups = list
      .all(tenant)
      .map((row) => ({ place: integer(row, "place"), kind: text(row, "kind"), clientId: text(row, "client_id") }));
    for (const { place } of crowdedOut(groups, keptRefusals)) remove.run(tenant, place);
  }

  return {
    async record(refusal) {
      const { tenantId, id, expiresAt } = refusal;
      await database.write(() =>
        database.transaction(() => {
          const place = integer(nextPlace.get(tenantId) ?? {}, "recorded");
          const { kind, clientId } = groupOf(refusal);
          keep.run(tenantId, place, id, refusalText(refusal), expiresAt, kind, clientId);
          makeRoom(tenantId);
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
