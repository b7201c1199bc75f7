import { parsePublicJwk } from "@signet/protocol";
import type { StoredSigningKey } from "@signet/storage";
import { type JwsType, publishedKey, type VerificationKey } from "../signing/signing-key.ts";

/** A tenant's public keys, as they are published and as tokens are verified with them. */
export interface PublishedKeys {
  readonly isEmpty: boolean;
  /** A JWK Set, RFC 7517 section 5. */
  readonly jwks: string;
  /** The key that writes this header, and for which type; undefined for any other header. */
  findByHeader(header: string): { readonly key: VerificationKey; readonly type: JwsType } | undefined;
}

export function publishedKeys(stored: readonly StoredSigningKey[]): PublishedKeys {
  const keys = stored.map(({ publicJwk }) => publishedKey(parsePublicJwk(publicJwk)));
  const byHeader = new Map<string, { key: VerificationKey; type: JwsType }>();
  for (const key of keys) {
    byHeader.set(key.headers.JWT, { key, type: "JWT" });
    byHeader.set(key.headers["at+jwt"], { key, type: "at+jwt" });
  }
  return {
    isEmpty: keys.length === 0,
    jwks: JSON.stringify({ keys: keys.map(({ jwk }) => jwk) }),
    findByHeader: (header) => byHeader.get(header),
  };
}
