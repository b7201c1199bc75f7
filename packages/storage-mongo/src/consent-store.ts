import type { ConsentStore } from "@signet/storage";
import type { Document } from "mongodb";
import { DocumentCollection } from "./document-collection.ts";
import { tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";
import { allowedIn, consentPath } from "./user-consents.ts";

/** In the user's own document: a set for each client of what is allowed, which adds up by itself. */
export function mongoConsentStore(connection: MongoConnection): ConsentStore {
  const users = new DocumentCollection(connection, "users");
  return {
    async find(tenant, user, client) {
      const document = await users.find({ _id: tenantKey(tenant, user) }, { [`${consentPath(client)}.allowed`]: 1 });
      return document === undefined ? [] : allowedIn(document, client);
    },
    async allow(tenant, user, client, keys, now) {
      const consent = consentPath(client);
      await users.update(
        { _id: tenantKey(tenant, user) },
        {
          $addToSet: { [`${consent}.allowed`]: { $each: keys }, consentedClients: tenantKey(tenant, client) },
          $max: { [`${consent}.allowedAt`]: now },
        },
      );
    },
    async deleteClient(tenant, client) {
      const consentedClients = tenantKey(tenant, client);
      const noMore: Document = { consentedClients };
      await users.updateAll({ consentedClients }, { $unset: { [consentPath(client)]: "" }, $pull: noMore });
    },
  };
}
