import type { StoredTenant, TenantStore } from "@signet/storage";
import { integer, object, type StoredDocument, text } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import type { MongoConnection } from "./mongo-connection.ts";
import { pageOf } from "./page.ts";

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
      const documents = await tenants.list({ name: { $gt: cursor } }, "name", limit + 1);
      return pageOf(documents, limit, tenantOf, (tenant) => tenant.name);
    },
    async replace(tenant) {
      if (await tenants.replace({ _id: tenant.id, version: tenant.version - 1 }, documentOf(tenant))) return "replaced";
      return (await tenants.exists({ _id: tenant.id })) ? "conflict" : "unknown";
    },
    async delete(id) {
      return await tenants.delete({ _id: id });
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

function tenantOf(document: StoredDocument): StoredTenant {
  return {
    id: text(document, "_id"),
    name: text(document, "name"),
    settings: object(document, "settings"),
    branding: object(document, "branding"),
    registrationTokenHash: text(document, "registrationTokenHash"),
    registrationToken: text(document, "registrationToken"),
    createdAt: integer(document, "createdAt"),
    version: integer(document, "version"),
  };
}
