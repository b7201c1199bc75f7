import type { Instant } from "@signet/protocol";
import type { Database, Statement } from "./database.ts";

/** At most so many rows of each table in one call, which keeps a call to a few milliseconds. */
const batch = 200;

/** What one sweep did. */
export interface Swept {
  /** How many rows it deleted. */
  readonly deleted: number;
  /** Whether nothing is left of what has expired; where it is false, the next call has more to do. */
  readonly finished: boolean;
}

/**
 * Gives a function that deletes what has expired, in small steps. Nothing depends on it but the size of the database: what has expired is not
 * found in any case.
 */
export function sweeper(database: Database): (now: Instant) => Swept {
  const deletions = [
    ...["sessions", "session_clients", "interactions", "access_tokens", "revoked_access_tokens", "rate_limits", "refusals"].map(
      (table) => deletionOf(database, table, "expires_at"),
    ),
    ...["codes", "replays"].map((table) => deletionOf(database, table, "forgotten_at")),
    ...["revoked_grants", "ended_sessions"].map((table) => noteDeletionOf(database, table)),
  ];
  // A rotation moves the end of a grant on without the index; so what is due here has expired, or is put back to where it belongs.
  const dueGrants = `select rowid from grants where sweep_at <= ? order by sweep_at limit ${batch}`;
  const grantDeletion = database.prepare(`delete from grants where rowid in (${dueGrants}) and expires_at <= ?`);
  const grantDelay = database.prepare(`update grants set sweep_at = expires_at where rowid in (${dueGrants}) and expires_at > ?`);

  return (now) =>
    database.transaction(() => {
      const counts = deletions.map((deletion) => deletion.run(now));
      const deletedGrants = grantDeletion.run(now, now);
      const delayedGrants = grantDelay.run(now, now);
      return {
        deleted: counts.reduce((sum, count) => sum + count, deletedGrants),
        finished: [...counts, deletedGrants, delayedGrants].every((count) => count < batch),
      };
    });
}

function deletionOf(database: Database, table: string, expiry: string): Statement {
  return database.prepare(
    `delete from ${table} where rowid in (select rowid from ${table} where ${expiry} <= ? order by ${expiry} limit ${batch})`,
  );
}

/** Of a table without row ids. */
function noteDeletionOf(database: Database, table: string): Statement {
  return database.prepare(
    `delete from ${table} where (tenant_id, id) in
      (select tenant_id, id from ${table} where forgotten_at <= ? order by forgotten_at limit ${batch})`,
  );
}
