import type { ClientId, Instant, SecretHash, TenantId } from "@signet/protocol";
import type { ClientStore, Sealed, StoredClient, StoredRegistration } from "@signet/storage";
import {
  clientMetadata,
  endOf,
  integer,
  jsonObject,
  liveUntil,
  optionalInteger,
  optionalText,
  pageOf,
  text,
} from "@signet/storage/adapter";
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
    async createWithin(client, quota, now) {
      const _id = tenantKey(client.tenantId, client.id);
      if ((await clients.insert(documentOf(client))) === "exists") throw new Error("there is a client of that id already");
      // Counted after it was inserted: whoever is within the quota counted all that came before, so no more than the quota ever stay.
      const alive = await clients.count({ life: { $gt: lifeKey(client.tenantId, now), $lt: `${client.tenantId};` } }, quota + 1);
      if (alive <= quota) return "created";
      await clients.delete({ _id });
      return "quota-reached";
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
    async deleteExpired(tenant, now, limit) {
      const isExpired = { life: { $gt: `${tenant}:`, $lte: lifeKey(tenant, now) } };
      const expired = await clients.list(isExpired, "life", limit);
      const deleted: ClientId[] = [];
      // Each only where it is still so: a client may be renewed meanwhile.
      for (const { _id, ...document } of expired)
        if (await clients.delete({ _id, ...isExpired })) deleted.push(text(document, "id"));
      return deleted;
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
    ...registrationOf(client),
    createdAt: client.createdAt,
    updatedAt: client.updatedAt,
    version: client.version,
  };
}

/** Its end is also a text that stands in the order of the ends of the tenant's clients. */
function registrationOf(client: StoredClient): object {
  const until = liveUntil(client);
  if (until === undefined) return {};
  return { registration: JSON.stringify(client.registration), liveUntil: until, life: lifeKey(client.tenantId, until) };
}

function lifeKey(tenant: TenantId, until: Instant): string {
  return `${tenant}:${String(until).padStart(16, "0")}`;
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
    ...(document.registration !== undefined && { registration: jsonObject<StoredRegistration>(document, "registration") }),
    ...endOf(optionalInteger<Instant>(document, "liveUntil")),
    createdAt: integer(document, "createdAt"),
    updatedAt: integer(document, "updatedAt"),
    version: integer(document, "version"),
  };
}
