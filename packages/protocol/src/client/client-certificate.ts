import { hash, X509Certificate } from "node:crypto";
import type { CertificateSubject } from "./certificate-subject.ts";
import { isSameName, nameInLines, parseDistinguishedName } from "./distinguished-name.ts";
import { type AlternativeName, alternativeNames, canonicalAddress } from "./subject-alternative-names.ts";

/** SHA-256 of a certificate in DER, in base64url: what a token that is bound to it says in `x5t#S256` (RFC 8705 section 3.1). */
export function certificateThumbprint(der: Uint8Array): string {
  return hash("sha256", der, "base64url");
}

/** The certificate in DER; undefined for what is none. */
export function parseCertificate(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

/** Whether the certificate is of the subject that a client registered, by the one of its names that was registered (RFC 8705 section 2.1.2). */
export function isOfSubject(certificate: X509Certificate, { member, value }: CertificateSubject): boolean {
  if (member === "tls_client_auth_subject_dn") {
    const [expected, found] = [parseDistinguishedName(value), nameInLines(certificate.subject)];
    return expected !== undefined && found !== undefined && isSameName(expected, found);
  }
  return alternativeNames(certificate.subjectAltName).some((name) => comparisons[member](name, value));
}

const comparisons = {
  tls_client_auth_san_dns: ({ kind, value }: AlternativeName, expected: string) =>
    kind === "DNS" && value.toLowerCase() === expected.toLowerCase(),
  tls_client_auth_san_uri: ({ kind, value }: AlternativeName, expected: string) => kind === "URI" && value === expected,
  tls_client_auth_san_ip: ({ kind, value }: AlternativeName, expected: string) => {
    const address = kind === "IP Address" ? canonicalAddress(value) : undefined;
    return address !== undefined && address === canonicalAddress(expected);
  },
  tls_client_auth_san_email: ({ kind, value }: AlternativeName, expected: string) => kind === "email" && value === expected,
} as const;
