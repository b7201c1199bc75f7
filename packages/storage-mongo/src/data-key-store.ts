import type { DataKeyStore } from "@signet/storage";
import { text } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { establish } from "./establish.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/** The data keys of `service`, which never sees another service's. */
export function mongoDataKeyStore(connection: MongoConnection, service: "registry" | "token"): DataKeyStore {
  const dataKeys = new DocumentCollection(connection, `${service}_data_keys`);
  return {
    async establish(tenant, candidate) {
      return text(await establish(dataKeys, { _id: tenant, wrappedKey: candidate }), "wrappedKey");
    },
    async find(tenant) {
      const document = await dataKeys.find({ _id: tenant });
      return document && text(document, "wrappedKey");
    },
    async deleteTenant(tenant) {
      await dataKeys.delete({ _id: tenant });
    },
  };
}
