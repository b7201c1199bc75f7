import type { DataKeyStore, TenantDataKey } from "@signet/storage";
import { pageOf, text } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
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
    async list({ limit, cursor = "" }) {
      const documents = await dataKeys.list({ _id: { $gt: cursor } }, "_id", limit + 1);
      return pageOf(documents, limit, tenantDataKeyOf, ({ tenantId }) => tenantId);
    },
    async replace(tenant, current, replacement) {
      return await dataKeys.update({ _id: tenant, wrappedKey: current }, { $set: { wrappedKey: replacement } });
    },
    async deleteTenant(tenant) {
      await dataKeys.delete({ _id: tenant });
    },
  };
}

function tenantDataKeyOf(document: StoredDocument): TenantDataKey {
  return { tenantId: text(document, "_id"), wrappedKey: text(document, "wrappedKey") };
}
