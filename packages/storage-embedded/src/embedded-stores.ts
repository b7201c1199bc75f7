import { join } from "node:path";
import type { Instant } from "@signet/protocol";
import type { Stores } from "@signet/storage";
import { embeddedAccessTokenStore } from "./access-token-store.ts";
import { embeddedAdministrationStore } from "./administration-store.ts";
import { embeddedAuthorizationCodeStore } from "./authorization-code-store.ts";
import { embeddedChangeFeed } from "./change-feed.ts";
import { embeddedClientStore } from "./client-store.ts";
import { embeddedConsentStore } from "./consent-store.ts";
import { embeddedDataKeyStore } from "./data-key-store.ts";
import { Database } from "./database.ts";
import { durableMigrations } from "./durable-schema.ts";
import { embeddedGrantStore } from "./grant-store.ts";
import { embeddedInitialAccessTokenStore } from "./initial-access-token-store.ts";
import { embeddedInteractionStore } from "./interaction-store.ts";
import { embeddedRateLimitStore } from "./rate-limit-store.ts";
import { embeddedRefusalStore } from "./refusal-store.ts";
import { embeddedReplayStore } from "./replay-store.ts";
import { embeddedSessionStore } from "./session-store.ts";
import { embeddedSignOutTaskStore } from "./sign-out-task-store.ts";
import { embeddedSigningKeyStore } from "./signing-key-store.ts";
import { embeddedSubjectSecretStore } from "./subject-secret-store.ts";
import { type Swept, sweeper } from "./sweep.ts";
import { embeddedTenantStore } from "./tenant-store.ts";
import { transientMigrations } from "./transient-schema.ts";
import { embeddedUserStore } from "./user-store.ts";

export interface EmbeddedStoresOptions {
  /** Made where it does not exist, for its owner alone. */
  readonly folder: string;
  /** Whether codes, sessions and refresh tokens survive a power failure too. Without it they survive the end of the process, however it ends. */
  readonly fullSync?: boolean;
}

export interface EmbeddedStores extends Stores {
  /** Deletes a bounded number of rows that have expired. To be called every second or so, and again soon where it has not finished. */
  sweep(now: Instant): Swept;
  /** Calls after it are refused. */
  close(): void;
}

/**
 * Opens the two databases of `folder`, which are this process's alone until it closes them or ends.
 * @throws FolderInUseError at once where another process has it open, NewerSchemaError where a newer version wrote it
 */
export function openEmbeddedStores(options: EmbeddedStoresOptions): EmbeddedStores {
  const { durable, transient } = openDatabases(options);
  return {
    ...storesOn(durable, transient),
    sweep: sweeper(transient),
    close() {
      transient.close();
      durable.close();
    },
  };
}

/** Both databases of the folder, or none. */
export function openDatabases({ folder, fullSync = false }: EmbeddedStoresOptions): { durable: Database; transient: Database } {
  const durable = new Database({ path: join(folder, "signet.db"), synchronous: "full", migrations: durableMigrations });
  try {
    const synchronous = fullSync ? "full" : "normal";
    const transient = new Database({ path: join(folder, "transient.db"), synchronous, migrations: transientMigrations });
    return { durable, transient };
  } catch (error) {
    durable.close();
    throw error;
  }
}

/** Every store on the database that it belongs to. */
export function storesOn(durable: Database, transient: Database): Stores {
  return {
    tenants: embeddedTenantStore(durable),
    clients: embeddedClientStore(durable),
    initialAccessTokens: embeddedInitialAccessTokenStore(durable),
    administration: embeddedAdministrationStore(durable),
    registryDataKeys: embeddedDataKeyStore(durable, "registry"),
    subjectSecrets: embeddedSubjectSecretStore(durable),
    changes: embeddedChangeFeed(),
    users: embeddedUserStore(durable),
    consents: embeddedConsentStore(durable),
    sessions: embeddedSessionStore(transient),
    interactions: embeddedInteractionStore(transient),
    codes: embeddedAuthorizationCodeStore(transient),
    signOutTasks: embeddedSignOutTaskStore(durable),
    grants: embeddedGrantStore(transient),
    accessTokens: embeddedAccessTokenStore(transient),
    replays: embeddedReplayStore(transient),
    signingKeys: embeddedSigningKeyStore(durable),
    tokenDataKeys: embeddedDataKeyStore(durable, "token"),
    rateLimits: embeddedRateLimitStore(transient),
    refusals: embeddedRefusalStore(transient),
  };
}
