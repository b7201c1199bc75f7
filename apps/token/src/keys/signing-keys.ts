import { type Clock, publicationMilliseconds, ResourceError } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import { pagesOf, type SigningKeyStore } from "@signet/storage";
import { createKeyRings, type KeyRings } from "./key-rings.ts";
import { createKeyRotation, type KeyChange, type KeyRotation } from "./key-rotation.ts";
import { type Repeated, repeat } from "./repeat.ts";

export interface SigningKeysOptions {
  readonly store: SigningKeyStore;
  readonly sealer: Sealer;
  readonly clock: Clock;
  /** Whether other processes serve on the same store. */
  readonly isShared: boolean;
  /** For how long relying parties may keep a JWK Set; 300 s unless given. */
  readonly jwksMaxAgeSeconds?: number;
  /** After how long a key is replaced by plan; never unless given. */
  readonly rotationDays?: number;
  /** Hears of each change that this process made. */
  readonly onChange?: ((change: KeyChange) => void) | undefined;
  /** Hears of what is tried again later. */
  readonly onError?: (error: unknown) => void;
}

/** The keys of every tenant, how they are used and how they change. */
export interface SigningKeys {
  readonly rings: KeyRings;
  readonly rotation: KeyRotation;
  readonly jwksMaxAgeSeconds: number;
  /** Looks through all tenants' keys once: replaces those whose time has come, and forgets those that are published no longer. */
  maintainAll(signal?: AbortSignal): Promise<void>;
  /** From now on keys are looked through every hour or so, and what other processes change is heard of within a second or two. */
  start(): void;
  close(): Promise<void>;
}

const millisecondsOfDay = 86_400_000;
const maintenanceMilliseconds = 3_600_000;
const firstMaintenanceMilliseconds = 60_000;
const followingMilliseconds = 650;
/** How many are read at a time. */
const maintenancePage = 50;

/** Keys over the store, none loaded and nothing started yet. */
export function createSigningKeys({
  jwksMaxAgeSeconds = 300,
  rotationDays = 0,
  onChange = () => {},
  onError = () => {},
  isShared,
  ...dependencies
}: SigningKeysOptions): SigningKeys {
  const { store } = dependencies;
  const rings = createKeyRings({ ...dependencies, isShared });
  const rotation = createKeyRotation({
    ...dependencies,
    keys: rings,
    publicationMilliseconds: publicationMilliseconds(jwksMaxAgeSeconds),
    periodMilliseconds: rotationDays * millisecondsOfDay,
    onChange,
  });
  const repeated: Repeated[] = [];

  async function maintainAll(signal?: AbortSignal): Promise<void> {
    for await (const page of pagesOf(maintenancePage, (request) => store.listAll(request))) {
      for (const ring of page) {
        if (signal?.aborted === true) return;
        // One tenant's keys that cannot be made stop no other's; a store that is away has all of them wait.
        await rotation.maintain(ring).catch((error: unknown) => {
          if (error instanceof ResourceError && error.kind === "unavailable") throw error;
          onError(error);
        });
      }
    }
  }

  return {
    rings,
    rotation,
    jwksMaxAgeSeconds,
    maintainAll,
    start() {
      const maintenance = { everyMilliseconds: maintenanceMilliseconds, firstMilliseconds: firstMaintenanceMilliseconds };
      repeated.push(repeat({ task: maintainAll, ...maintenance, onError }));
      if (!isShared) return;
      const following = { everyMilliseconds: followingMilliseconds, firstMilliseconds: followingMilliseconds };
      repeated.push(repeat({ task: rings.followChanges, ...following, onError }));
    },
    async close() {
      await Promise.all(repeated.splice(0).map((one) => one.stop()));
    },
  };
}
