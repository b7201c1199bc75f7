import type { Stores } from "@signet/storage";
import type { Database } from "../database.ts";
import { openDatabases, storesOn } from "../embedded-stores.ts";

/**
 * The stores of a folder that no process uses, to be given more rows than their own operations could write one by one in reasonable time. A folder that is
 * not closed properly is of no use any more.
 */
export interface FillableStores {
  readonly stores: Stores;
  /** Commits all that `work` does as one transaction of each database. Operations must be called one after the other, or all of one turn be of one database's `write`. */
  together(work: () => Promise<void>): Promise<void>;
  close(): void;
}

/** Room for the indexes of a million rows, into which ids fall at random; no log, and nobody waits for the disk. */
const pragmas = ["pragma cache_size = -1048576", "pragma journal_mode = off", "pragma synchronous = off"];

/** @throws FolderInUseError where a process has it open */
export function openFillableStores(folder: string): FillableStores {
  const { durable, transient } = openDatabases({ folder });
  const databases: readonly Database[] = [durable, transient];
  for (const database of databases) for (const pragma of pragmas) database.prepare(pragma).all();
  const [begins, commits] = [databases.map((one) => one.prepare("begin")), databases.map((one) => one.prepare("commit"))];
  return {
    stores: storesOn(durable, transient),
    async together(work) {
      for (const begin of begins) begin.run();
      await work();
      for (const commit of commits) commit.run();
    },
    close() {
      for (const database of databases) database.close();
    },
  };
}
