import { createPublicKey, type KeyObject } from "node:crypto";
import type { ClientJwk } from "@signet/protocol";

/** A key of a client's, ready to verify with. */
export interface ClientKey {
  readonly jwk: ClientJwk;
  /** Undefined where its parameters are no key, such as a point that is not on the curve. */
  readonly publicKey: KeyObject | undefined;
}

export type KeySet = readonly ClientKey[];

/** Made once of each set, and kept for as long as the set is. */
const keySets = new WeakMap<object, KeySet>();

/** The keys that `read` gives for what holds them, such as the metadata that they stand in or the document that was fetched. */
export function keySetOf<Holder extends object>(holder: Holder, read: (holder: Holder) => readonly ClientJwk[]): KeySet {
  const known = keySets.get(holder);
  if (known !== undefined) return known;
  const keys = read(holder).map((jwk) => ({ jwk, publicKey: publicKeyOf(jwk) }));
  keySets.set(holder, keys);
  return keys;
}

function publicKeyOf(jwk: ClientJwk): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwk, format: "jwk" });
  } catch {
    return undefined;
  }
}
