import type { StoredSigningKey } from "../signing-key-store.ts";
import { integer, isObject, type StoredMembers, text } from "./stored-members.ts";

/** The keys of a ring as the JSON that stores keep them as. */
export function signingKeysJson(keys: readonly StoredSigningKey[]): string {
  return JSON.stringify(
    keys.map(({ id, privateKey, publicJwk, createdAt, activatesAt }) => ({ id, privateKey, publicJwk, createdAt, activatesAt })),
  );
}

/** What `signingKeysJson` made. */
export function signingKeysIn(json: string): readonly StoredSigningKey[] {
  const keys: unknown = JSON.parse(json);
  if (!Array.isArray(keys) || keys.length === 0) throw new Error("a ring of signing keys holds a list of them");
  return keys.map(signingKeyOf);
}

function signingKeyOf(stored: unknown): StoredSigningKey {
  if (!isObject<StoredMembers>(stored)) throw new Error("a ring of signing keys holds something that is no key");
  return {
    id: text(stored, "id"),
    privateKey: text(stored, "privateKey"),
    publicJwk: text(stored, "publicJwk"),
    createdAt: integer(stored, "createdAt"),
    activatesAt: integer(stored, "activatesAt"),
  };
}
