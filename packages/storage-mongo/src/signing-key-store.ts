import { signingAlgorithms } from "@signet/protocol";
import type { SigningKeyStore, StoredSigningKey } from "@signet/storage";
import { integer, text } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { establish } from "./establish.ts";
import { keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

export function mongoSigningKeyStore(connection: MongoConnection): SigningKeyStore {
  const signingKeys = new DocumentCollection(connection, "signing_keys");
  return {
    async establish(candidate) {
      return signingKeyOf(await establish(signingKeys, documentOf(candidate)));
    },
    async list(tenant) {
      const documents = await signingKeys.list(keysOf(tenant), "_id", signingAlgorithms.length);
      return documents.map(signingKeyOf).toSorted((one, other) => (one.id < other.id ? -1 : 1));
    },
    async deleteTenant(tenant) {
      await signingKeys.deleteAll(keysOf(tenant));
    },
  };
}

/** A tenant has one key for each algorithm. */
function documentOf(key: StoredSigningKey): StoredDocument {
  return {
    _id: tenantKey(key.tenantId, key.algorithm),
    tenantId: key.tenantId,
    id: key.id,
    algorithm: key.algorithm,
    privateKey: key.privateKey,
    publicJwk: key.publicJwk,
    createdAt: key.createdAt,
  };
}

function signingKeyOf(document: StoredDocument): StoredSigningKey {
  return {
    tenantId: text(document, "tenantId"),
    id: text(document, "id"),
    algorithm: text(document, "algorithm"),
    privateKey: text(document, "privateKey"),
    publicJwk: text(document, "publicJwk"),
    createdAt: integer(document, "createdAt"),
  };
}
