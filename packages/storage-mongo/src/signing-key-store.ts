import { currentKey, signingAlgorithms } from "@signet/protocol";
import { type KeyRingChange, keyRingKey, type SigningKeyStore, type StoredKeyRing, type StoredSigningKey } from "@signet/storage";
import { integer, optionalText, pageOf, signingKeysIn, signingKeysJson, text } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { establish } from "./establish.ts";
import { keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

export function mongoSigningKeyStore(connection: MongoConnection): SigningKeyStore {
  const rings = new DocumentCollection(connection, "signing_keys");
  const changes = new DocumentCollection(connection, "signing_keys", { tenantId: 1, algorithm: 1, version: 1, changedAt: 1 });
  return {
    async establish(candidate) {
      return keyRingOf(await establish(rings, documentOf(candidate)));
    },
    async list(tenant) {
      return (await rings.list(keysOf(tenant), "_id", signingAlgorithms.length)).map(keyRingOf);
    },
    async replace(ring) {
      return await rings.replace({ _id: idOf(ring), ...ofVersion(ring.version - 1) }, documentOf(ring));
    },
    async listAll({ limit, cursor = "" }) {
      return pageOf(await rings.list({ _id: { $gt: cursor } }, "_id", limit + 1), limit, keyRingOf, keyRingKey);
    },
    async listChanged(since, limit) {
      return (await changes.list({ changedAt: { $gt: since } }, "changedAt", limit)).map(changeOf);
    },
    async deleteTenant(tenant) {
      await rings.deleteAll(keysOf(tenant));
    },
  };
}

function idOf({ tenantId, algorithm }: Pick<StoredKeyRing, "tenantId" | "algorithm">): string {
  return tenantKey(tenantId, algorithm);
}

/** What a version before rotation stored has none: it counts as the first. */
function ofVersion(version: number) {
  return version === 1 ? { $or: [{ version }, { version: { $exists: false } }] } : { version };
}

/** A version before rotation, which may run beside this one, reads one key, and is given the one that signs. */
function documentOf(ring: StoredKeyRing): StoredDocument {
  const { id, privateKey, publicJwk, createdAt } = currentKey(ring.keys, ring.changedAt);
  return {
    _id: idOf(ring),
    tenantId: ring.tenantId,
    algorithm: ring.algorithm,
    version: ring.version,
    changedAt: ring.changedAt,
    keys: signingKeysJson(ring.keys),
    id,
    privateKey,
    publicJwk,
    createdAt,
  };
}

function keyRingOf(document: StoredDocument): StoredKeyRing {
  const keys = optionalText(document, "keys");
  if (keys !== undefined) return { ...changeOf(document), keys: signingKeysIn(keys) };
  const key = onlyKeyOf(document);
  return { ...ringNameOf(document), version: 1, changedAt: key.createdAt, keys: [key] };
}

/** Of a document that a version before rotation stored: its key signs since it was made. */
function onlyKeyOf(document: StoredDocument): StoredSigningKey {
  return {
    id: text(document, "id"),
    privateKey: text(document, "privateKey"),
    publicJwk: text(document, "publicJwk"),
    createdAt: integer(document, "createdAt"),
    activatesAt: integer(document, "createdAt"),
  };
}

function changeOf(document: StoredDocument): KeyRingChange {
  return { ...ringNameOf(document), version: integer(document, "version"), changedAt: integer(document, "changedAt") };
}

function ringNameOf(document: StoredDocument): Pick<StoredKeyRing, "tenantId" | "algorithm"> {
  return { tenantId: text(document, "tenantId"), algorithm: text(document, "algorithm") };
}
