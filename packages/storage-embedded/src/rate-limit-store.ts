import {
  emptyAt,
  giveBackTo,
  instant,
  type RateLimit,
  type RateLimitBucket,
  type RateLimitUse,
  takeFrom,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { integer, type Row } from "./row.ts";

export function embeddedRateLimitStore(database: Database): RateLimitStore {
  const find = database.prepare("select used, at from rate_limits where bucket = ?");
  const keep = database.prepare(
    `insert into rate_limits (bucket, used, at, expires_at) values (?, ?, ?, ?)
      on conflict (bucket) do update set used = excluded.used, at = excluded.at, expires_at = excluded.expires_at`,
  );
  const remove = database.prepare("delete from rate_limits where bucket = ?");
  const useOf = (bucket: RateLimitBucket) => usedIn(find.get(bucket));
  const keepUse = (bucket: RateLimitBucket, use: RateLimitUse, limit: RateLimit) =>
    void keep.run(bucket, use.used, use.at, emptyAt(use, limit));
  return {
    // Every call of the database is synchronous: nobody comes between what is read and what is written.
    take: (bucket, limit, now, cost = 1) =>
      database.write(() => {
        const { taken, use } = takeFrom(useOf(bucket), limit, now, cost);
        if (use !== undefined) keepUse(bucket, use, limit);
        return taken;
      }),
    giveBack: (bucket, limit, now) =>
      database.write(() => {
        const use = useOf(bucket);
        if (use !== undefined) keepUse(bucket, giveBackTo(use, limit, now), limit);
      }),
    async clear(bucket) {
      await database.write(() => remove.run(bucket));
    },
  };
}

function usedIn(row: Row | undefined): RateLimitUse | undefined {
  if (row === undefined) return undefined;
  const { used } = row;
  if (typeof used !== "number") throw new Error("the column used does not hold a number");
  return { used, at: instant(integer(row, "at")) };
}
