import { testStores } from "@signet/storage/contract";
import { withMongoDB } from "@signet/test-servers/vitest";
import type { MongoStoresByPort } from "./mongo-stores.ts";
import { temporaryDatabases, temporaryStores } from "./testing/temporary-stores.ts";

/** Every port that MongoDB has an adapter for: one that were missing here, or too many, would be a compile error. */
const ports: { readonly [Port in keyof MongoStoresByPort]: true } = {
  tenants: true,
  clients: true,
  initialAccessTokens: true,
  administration: true,
  registryDataKeys: true,
  subjectSecrets: true,
  users: true,
  consents: true,
  signOutTasks: true,
  grants: true,
  signingKeys: true,
  tokenDataKeys: true,
};

withMongoDB((server) => {
  const aDatabase = temporaryDatabases(server);
  testStores(Object.keys(ports).filter(isPort), async () => temporaryStores(server, { database: aDatabase() }));
});

function isPort(name: string): name is keyof MongoStoresByPort {
  return Object.hasOwn(ports, name);
}
