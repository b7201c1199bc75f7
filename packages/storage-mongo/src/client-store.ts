import type { Instant, SecretHash } from "@signet/protocol";
import type { ClientStore, Sealed, StoredClient } from "@signet/storage";
import { clientMetadata, integer, optionalInteger, optionalText, pageOf, text } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { keysAfter, keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

export function mongoClientStore(connection: MongoConnection): ClientStore {
  const clients = new DocumentCollection(connection, "clients");
  return {
    async create(client) {
      if ((await clients.insert(documentOf(client))) === "exists") throw new Error("there is a client of that id already");
    },
    async find(tenant, id) {
      const document = await clients.find({ _id: tenantKey(tenant, id) });
      return document && clientOf(document);
    },
    async list(tenant, { limit, cursor }) {
      const documents = await clients.list(keysAfter(tenant, cursor), "_id", limit + 1);
      return pageOf(documents, limit, clientOf, (client) => client.id);
    },
    async replace(client) {
      const _id = tenantKey(client.tenantId, client.id);
      if (await clients.replace({ _id, version: client.version - 1 }, documentOf(client))) return "replaced";
      return (await clients.exists({ _id })) ? "conflict" : "unknown";
    },
    async delete(tenant, id) {
      return await clients.delete({ _id: tenantKey(tenant, id) });
    },
    async deleteTenant(tenant) {
      await clients.deleteAll(keysOf(tenant));
    },
  };
}

function documentOf(client: StoredClient): StoredDocument {
  return {
    _id: tenantKey(client.tenantId, client.id),
    tenantId: client.tenantId,
    id: client.id,
    metadata: JSON.stringify(client.metadata),
    ...(client.secretHash !== undefined && { secretHash: client.secretHash }),
    ...(client.secret !== undefined && { secret: client.secret }),
    ...(client.secretExpiresAt !== undefined && { secretExpiresAt: client.secretExpiresAt }),
    createdAt: client.createdAt,
    updatedAt: client.updatedAt,
    version: client.version,
  };
}

function clientOf(document: StoredDocument): StoredClient {
  const secretHash = optionalText<SecretHash>(document, "secretHash");
  const secret = optionalText<Sealed>(document, "secret");
  const secretExpiresAt = optionalInteger<Instant>(document, "secretExpiresAt");
  return {
    tenantId: text(document, "tenantId"),
    id: text(document, "id"),
    metadata: clientMetadata(document, "metadata"),
    ...(secretHash !== undefined && { secretHash }),
    ...(secret !== undefined && { secret }),
    ...(secretExpiresAt !== undefined && { secretExpiresAt }),
    createdAt: integer(document, "createdAt"),
    updatedAt: integer(document, "updatedAt"),
    version: integer(document, "version"),
  };
}
