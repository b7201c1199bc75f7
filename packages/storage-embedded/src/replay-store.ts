import type { ReplayStore } from "@signet/storage";
import type { Database } from "./database.ts";

/** Remembers from the first use on: what is on the disk is not lost. */
export function embeddedReplayStore(database: Database): ReplayStore {
  const use = database.prepare(
    `insert into replays (tenant_id, hash, forgotten_at) values (?, ?, ?)
      on conflict (tenant_id, hash) do update set forgotten_at = excluded.forgotten_at where replays.forgotten_at <= ?`,
  );
  return {
    async begin() {},
    async use(tenant, { hash, usableUntil }, now) {
      const written = await database.write(() => use.run(tenant, hash, usableUntil, now));
      return written === 1 ? "first" : "replayed";
    },
  };
}
