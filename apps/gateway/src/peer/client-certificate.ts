import { X509Certificate } from "node:crypto";

/** A certificate whose key the caller has shown to hold, in TLS. */
export interface ClientCertificate {
  /** The certificate itself, without its chain. */
  readonly der: Buffer;
  /** Whether it was verified up to an authority that vouches for clients' names. */
  readonly isVerified: boolean;
}

/** As nginx says it in `$ssl_client_verify`. */
const verified = "SUCCESS";

/**
 * The certificate that a trusted proxy hands on: a byte sequence of RFC 9440 section 2.1 (`:base64:`), base64 alone, or PEM with percent-encoding. None where
 * the header is absent, empty or no one certificate: whoever wants to authenticate with it will be refused.
 */
export function certificateInHeader(
  header: string | string[] | undefined,
  verification: string | string[] | undefined,
): ClientCertificate | undefined {
  if (typeof header !== "string" || header === "") return undefined;
  const encoded = encodedCertificate(header);
  if (encoded === undefined) return undefined;
  try {
    return { der: new X509Certificate(encoded).raw, isVerified: verification === verified };
  } catch {
    return undefined;
  }
}

const base64 = /^(:?)([A-Za-z0-9+/]+={0,2})\1$/;
const onePem = /^-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\s*$/;

function encodedCertificate(header: string): Buffer | string | undefined {
  const inBase64 = base64.exec(header)?.[2];
  if (inBase64 !== undefined) return Buffer.from(inBase64, "base64");
  const pem = decoded(header);
  return pem !== undefined && onePem.test(pem) ? pem : undefined;
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
