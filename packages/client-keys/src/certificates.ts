import type { X509Certificate } from "node:crypto";
import type { KeySet } from "./key-set.ts";

/**
 * Whether one of the keys is that of the certificate. A key that is published with certificates (`x5c`) stands for the first of these alone, so that another
 * certificate for the same key is another certificate (RFC 8705 section 2.2.2).
 */
export function isCertificateOf(keys: KeySet, certificate: X509Certificate): boolean {
  return keys.some(({ jwk, publicKey }) => {
    const published = jwk.x5c?.[0];
    return published === undefined
      ? (publicKey?.equals(certificate.publicKey) ?? false)
      : Buffer.from(published, "base64").equals(certificate.raw);
  });
}
