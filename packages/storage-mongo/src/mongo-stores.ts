import type { Instant } from "@signet/protocol";
import type { AuthStores, RegistryStores, TokenStores } from "@signet/storage";
import { mongoAdministrationStore } from "./administration-store.ts";
import { mongoClientStore } from "./client-store.ts";
import { mongoConsentStore } from "./consent-store.ts";
import { mongoDataKeyStore } from "./data-key-store.ts";
import { mongoGrantStore } from "./grant-store.ts";
import { mongoInitialAccessTokenStore } from "./initial-access-token-store.ts";
import { MongoConnection, mongoClient } from "./mongo-connection.ts";
import { mongoSignOutTaskStore } from "./sign-out-task-store.ts";
import { mongoSigningKeyStore } from "./signing-key-store.ts";
import { mongoSubjectSecretStore } from "./subject-secret-store.ts";
import { mongoTenantStore } from "./tenant-store.ts";
import { mongoUserStore } from "./user-store.ts";

export interface MongoStoresOptions {
  /** `mongodb://user:password@host:27017/signet?replicaSet=rs0`, or `mongodb+srv:`. MongoDB 7 or newer; single documents are all that has to be atomic. */
  readonly url: string;
  /** Instead of the one that the URL names. */
  readonly database?: string;
  /** How long MongoDB may take for an operation: 1.5 s unless said otherwise. A call of a store takes no longer than its few operations. */
  readonly deadlineMilliseconds?: number;
  /** How many connections there may be to each server: 20 unless said otherwise. */
  readonly maximumConnections?: number;
  /** How many operations may wait at a time, for an answer or for a connection: 1,000 unless said otherwise; one more is unavailable at once. */
  readonly maximumOutstanding?: number;
}

/** What lives long. */
export type MongoStoresByPort = Pick<
  RegistryStores,
  "tenants" | "clients" | "initialAccessTokens" | "administration" | "registryDataKeys" | "subjectSecrets"
> &
  Pick<AuthStores, "users" | "consents" | "signOutTasks"> &
  Pick<TokenStores, "grants" | "signingKeys" | "tokenDataKeys">;

export interface MongoStores extends MongoStoresByPort {
  /**
   * Resolves once MongoDB answers and has the indexes, with what its clock shows.
   * @throws ResourceError unavailable where it does not within the deadline; asked again, it may
   */
  ready(): Promise<Instant>;
  /** Ends what is under way. Calls after it are refused. */
  close(): Promise<void>;
}

/**
 * Stores on one MongoDB. Returns at once, whether MongoDB is there or not: what needs it is unavailable for as long as it is away, and works again by
 * itself a second after it is back at the latest.
 * @throws Error where the URL is none of MongoDB's
 */
export function openMongoStores({
  url,
  database,
  deadlineMilliseconds = 1500,
  maximumConnections = 20,
  maximumOutstanding = 1000,
}: MongoStoresOptions): MongoStores {
  const openClient = () => mongoClient(url, deadlineMilliseconds, maximumConnections);
  const connection = new MongoConnection({ openClient, database, deadlineMilliseconds, maximumOutstanding });
  return {
    ...storesOn(connection),
    ready: () => connection.time(),
    close: () => connection.close(),
  };
}

/** Every store of those that MongoDB has. */
export function storesOn(connection: MongoConnection): MongoStoresByPort {
  return {
    tenants: mongoTenantStore(connection),
    clients: mongoClientStore(connection),
    initialAccessTokens: mongoInitialAccessTokenStore(connection),
    administration: mongoAdministrationStore(connection),
    registryDataKeys: mongoDataKeyStore(connection, "registry"),
    subjectSecrets: mongoSubjectSecretStore(connection),
    users: mongoUserStore(connection),
    consents: mongoConsentStore(connection),
    grants: mongoGrantStore(connection),
    signOutTasks: mongoSignOutTaskStore(connection),
    signingKeys: mongoSigningKeyStore(connection),
    tokenDataKeys: mongoDataKeyStore(connection, "token"),
  };
}
