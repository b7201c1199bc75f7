import { parseDistinguishedName } from "./distinguished-name.ts";
import { isGiven, refusedMetadata } from "./members.ts";
import { canonicalAddress } from "./subject-alternative-names.ts";

/** By which of its names a certificate is a client's, RFC 8705 section 2.1.2. */
export const certificateSubjectMembers = [
  "tls_client_auth_subject_dn",
  "tls_client_auth_san_dns",
  "tls_client_auth_san_uri",
  "tls_client_auth_san_ip",
  "tls_client_auth_san_email",
] as const;
export type CertificateSubjectMember = (typeof certificateSubjectMembers)[number];

export interface CertificateSubject {
  readonly member: CertificateSubjectMember;
  readonly value: string;
}

export interface CertificateSubjectDraft {
  readonly tlsClientAuthSubjectDn?: string;
  readonly tlsClientAuthSanDns?: string;
  readonly tlsClientAuthSanUri?: string;
  readonly tlsClientAuthSanIp?: string;
  readonly tlsClientAuthSanEmail?: string;
}

const maximumLength = 1024;

/** What a certificate could have for a name of each kind. */
const forms: Readonly<Record<CertificateSubjectMember, string>> = {
  tls_client_auth_subject_dn: "a distinguished name as RFC 4514 writes it, such as CN=app,O=Example,C=DE",
  tls_client_auth_san_dns: "a host name in ASCII",
  tls_client_auth_san_uri: "an absolute URI",
  tls_client_auth_san_ip: "an IP address",
  tls_client_auth_san_email: "an email address in ASCII",
};

function isWellFormed({ member, value }: CertificateSubject): boolean {
  switch (member) {
    case "tls_client_auth_subject_dn":
      return parseDistinguishedName(value) !== undefined;
    case "tls_client_auth_san_dns":
      return /^[A-Za-z0-9._*-]+$/.test(value);
    case "tls_client_auth_san_uri":
      return URL.canParse(value);
    case "tls_client_auth_san_ip":
      return canonicalAddress(value) !== undefined;
    case "tls_client_auth_san_email":
      return /^[\x21-\x3f\x41-\x7e]+@[A-Za-z0-9.-]+$/.test(value);
  }
}

/**
 * The one name that was given, if any.
 * @throws OAuthError invalid_client_metadata where there are several, or one that is too long or no name of its kind
 */
export function parseCertificateSubject(draft: CertificateSubjectDraft): CertificateSubject | undefined {
  const values: Readonly<Record<CertificateSubjectMember, string | undefined>> = {
    tls_client_auth_subject_dn: draft.tlsClientAuthSubjectDn,
    tls_client_auth_san_dns: draft.tlsClientAuthSanDns,
    tls_client_auth_san_uri: draft.tlsClientAuthSanUri,
    tls_client_auth_san_ip: draft.tlsClientAuthSanIp,
    tls_client_auth_san_email: draft.tlsClientAuthSanEmail,
  };
  const given = certificateSubjectMembers.flatMap((member) => {
    const value = values[member];
    return isGiven(value) ? [{ member, value }] : [];
  });
  if (given.length > 1) throw refusedMetadata(`only one of these may be given: ${given.map(({ member }) => member).join(", ")}`);
  const [subject] = given;
  if (subject !== undefined && subject.value.length > maximumLength) {
    throw refusedMetadata(`${subject.member} may have at most ${maximumLength} characters`);
  }
  if (subject !== undefined && !isWellFormed(subject))
    throw refusedMetadata(`${subject.member} must be ${forms[subject.member]}`);
  return subject;
}
