import { deletionMemoryDays } from "@signet/storage";
import type { CreateIndexesOptions, Db } from "mongodb";
import { isNotImplemented } from "./errors.ts";

interface Index {
  readonly collection: string;
  readonly name: string;
  readonly key: Readonly<Record<string, 1>>;
  readonly options?: CreateIndexesOptions;
}

/**
 * The indexes beside the one on `_id` that every collection has. Most of what is looked for is found by `_id`, which begins with the tenant's: so a
 * tenant's documents stand together there, in the order of their ids.
 */
const indexes: readonly Index[] = [
  { collection: "tenants", name: "by_name", key: { name: 1 }, options: { unique: true } },
  // Sparse: most users of a large tenant may have allowed nothing.
  { collection: "users", name: "by_consented_client", key: { consentedClients: 1 }, options: { sparse: true } },
  { collection: "sign_out_tasks", name: "by_due", key: { dueAt: 1 } },
  // Sparse: only tasks that tell a client have the member.
  { collection: "sign_out_tasks", name: "by_queue", key: { queued: 1 }, options: { sparse: true } },
  // Sparse: a grant that was revoked is no session's any more.
  { collection: "grants", name: "by_session", key: { sessionPublicId: 1 }, options: { sparse: true } },
  { collection: "signing_keys", name: "by_change", key: { changedAt: 1 } },
  // Sparse: only clients that registered themselves have the member.
  { collection: "clients", name: "by_life", key: { life: 1 }, options: { sparse: true } },
];

/** These only reclaim space, and not every server has them: what has expired is found out when it is read. */
const expiries: readonly Index[] = [
  { collection: "initial_access_tokens", name: "by_expiry", key: { expiresAt: 1 }, options: { expireAfterSeconds: 0 } },
  { collection: "grants", name: "by_deletion", key: { deletedAt: 1 }, options: { expireAfterSeconds: 0 } },
  {
    collection: "tenants",
    name: "by_deletion",
    key: { deletedAt: 1 },
    options: { expireAfterSeconds: deletionMemoryDays * 86_400 },
  },
];

/** Creates what is not there yet. Any number of processes may do so at once. */
export async function createIndexes(database: Db): Promise<void> {
  await Promise.all([
    ...indexes.map((index) => createIndex(database, index)),
    ...expiries.map((index) =>
      createIndex(database, index).catch((error: unknown) => {
        if (!isNotImplemented(error)) throw error;
      }),
    ),
  ]);
}

async function createIndex(database: Db, { collection, name, key, options }: Index): Promise<void> {
  await database.collection(collection).createIndex(key, { ...options, name });
}
