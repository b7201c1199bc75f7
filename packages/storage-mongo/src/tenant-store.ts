import { storedTenantSettings } from "@signet/protocol";
import { type DeletedTenant, deletedTenantKey, type StoredTenant, type TenantStore } from "@signet/storage";
import { integer, jsonObject, pageOf, text } from "@signet/storage/adapter";
import { moment, type StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/**
 * What the name of a deleted tenant's document begins with. No name of a tenant has it, and it comes after all of them: so one unique index holds the
 * tenants in its first part and the deleted ones behind.
 */
const deletedMark = "~";

export function mongoTenantStore(connection: MongoConnection): TenantStore {
  const tenants = new DocumentCollection(connection, "tenants");
  return {
    async create(tenant) {
      return (await tenants.insert(documentOf(tenant))) === "inserted" ? "created" : "name-taken";
    },
    async findByName(name) {
      const document = await tenants.find({ name });
      return document && tenantOf(document);
    },
    async list({ limit, cursor = "" }) {
      const documents = await tenants.list({ name: { $gt: cursor, $lt: deletedMark } }, "name", limit + 1);
      return pageOf(documents, limit, tenantOf, (tenant) => tenant.name);
    },
    async replace(tenant) {
      if (await tenants.replace({ _id: tenant.id, version: tenant.version - 1 }, documentOf(tenant))) return "replaced";
      return (await tenants.exists({ _id: tenant.id, name: tenant.name })) ? "conflict" : "unknown";
    },
    async delete({ id, name }, now) {
      return await tenants.replace({ _id: id, name }, deletedDocumentOf({ id, name, deletedAt: now }));
    },
    async findUnfinished(name) {
      // The semicolon is the character that comes after the colon.
      const marked = `${deletedMark}${name}`;
      const document = await tenants.findLast({ name: { $gt: `${marked}:`, $lt: `${marked};` }, finished: false }, "name");
      return document && deletedTenantOf(document);
    },
    async finishDeletion(id) {
      await tenants.update({ _id: id, finished: false }, { $set: { finished: true } });
    },
    async listDeleted({ limit, cursor = "" }) {
      const documents = await tenants.list({ name: { $gt: `${deletedMark}${cursor}` } }, "name", limit + 1);
      return pageOf(documents, limit, deletedTenantOf, deletedTenantKey);
    },
  };
}

function documentOf(tenant: StoredTenant): StoredDocument {
  return {
    _id: tenant.id,
    name: tenant.name,
    settings: JSON.stringify(tenant.settings),
    branding: JSON.stringify(tenant.branding),
    registrationTokenHash: tenant.registrationTokenHash,
    registrationToken: tenant.registrationToken,
    createdAt: tenant.createdAt,
    version: tenant.version,
  };
}

/** Nothing of the tenant but that it was one: the same document, so that it is either a tenant or a deleted one. */
function deletedDocumentOf(tenant: DeletedTenant): StoredDocument {
  return {
    _id: tenant.id,
    name: `${deletedMark}${deletedTenantKey(tenant)}`,
    deletedName: tenant.name,
    deletedAt: new Date(tenant.deletedAt),
    finished: false,
  };
}

function deletedTenantOf(document: StoredDocument): DeletedTenant {
  return { id: text(document, "_id"), name: text(document, "deletedName"), deletedAt: moment(document, "deletedAt") };
}

function tenantOf(document: StoredDocument): StoredTenant {
  return {
    id: text(document, "_id"),
    name: text(document, "name"),
    settings: storedTenantSettings(jsonObject(document, "settings")),
    branding: jsonObject(document, "branding"),
    registrationTokenHash: text(document, "registrationTokenHash"),
    registrationToken: text(document, "registrationToken"),
    createdAt: integer(document, "createdAt"),
    version: integer(document, "version"),
  };
}
