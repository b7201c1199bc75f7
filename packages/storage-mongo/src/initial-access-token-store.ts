import type { InitialAccessTokenStore, StoredInitialAccessToken } from "@signet/storage";
import { integer, pageOf, text } from "@signet/storage/adapter";
import { moment, type StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { keysAfter, keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

export function mongoInitialAccessTokenStore(connection: MongoConnection): InitialAccessTokenStore {
  const tokens = new DocumentCollection(connection, "initial_access_tokens");
  return {
    async create(token) {
      if ((await tokens.insert(documentOf(token))) === "exists") throw new Error("there is a token of that id already");
    },
    async find(tenant, id, now) {
      const document = await tokens.find({ _id: tenantKey(tenant, id), expiresAt: { $gt: new Date(now) } });
      return document && tokenOf(document);
    },
    async list(tenant, { limit, cursor }, now) {
      const filter = { ...keysAfter(tenant, cursor), expiresAt: { $gt: new Date(now) } };
      return pageOf(await tokens.list(filter, "_id", limit + 1), limit, tokenOf, (token) => token.id);
    },
    async use(tenant, id, now) {
      return await tokens.update(
        { _id: tenantKey(tenant, id), expiresAt: { $gt: new Date(now) }, usesLeft: { $gt: 0 } },
        { $inc: { usesLeft: -1 } },
      );
    },
    async delete(tenant, id) {
      return await tokens.delete({ _id: tenantKey(tenant, id) });
    },
    async deleteTenant(tenant) {
      await tokens.deleteAll(keysOf(tenant));
    },
  };
}

function documentOf(token: StoredInitialAccessToken): StoredDocument {
  return {
    _id: tenantKey(token.tenantId, token.id),
    tenantId: token.tenantId,
    id: token.id,
    hash: token.hash,
    label: token.label,
    maximumUses: token.maximumUses,
    usesLeft: token.maximumUses - token.uses,
    createdAt: token.createdAt,
    expiresAt: new Date(token.expiresAt),
  };
}

function tokenOf(document: StoredDocument): StoredInitialAccessToken {
  const maximumUses = integer(document, "maximumUses");
  return {
    tenantId: text(document, "tenantId"),
    id: text(document, "id"),
    hash: text(document, "hash"),
    label: text(document, "label"),
    maximumUses,
    uses: maximumUses - integer(document, "usesLeft"),
    createdAt: integer(document, "createdAt"),
    expiresAt: moment(document, "expiresAt"),
  };
}
