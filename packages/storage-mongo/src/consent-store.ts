import type { ConsentStore } from "@signet/storage";
import { texts } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/** One document for a user and a client, with a set of what is allowed, which adds up by itself. */
export function mongoConsentStore(connection: MongoConnection): ConsentStore {
  const consents = new DocumentCollection(connection, "consents");
  return {
    async find(tenant, user, client) {
      const document = await consents.find({ _id: tenantKey(tenant, user, client) });
      return document === undefined ? [] : texts(document, "allowed");
    },
    async allow(tenant, user, client, keys, now) {
      await consents.upsert(tenantKey(tenant, user, client), {
        $addToSet: { allowed: { $each: keys } },
        $max: { allowedAt: now },
        $setOnInsert: { client: tenantKey(tenant, client) },
      });
    },
    async deleteUser(tenant, user) {
      await consents.deleteAll(keysOf(tenant, user));
    },
    async deleteClient(tenant, client) {
      await consents.deleteAll({ client: tenantKey(tenant, client) });
    },
    async deleteTenant(tenant) {
      await consents.deleteAll(keysOf(tenant));
    },
  };
}
