import { isGiven, refusedMetadata } from "./members.ts";

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

/**
 * The one name that was given, if any.
 * @throws OAuthError invalid_client_metadata where there are several, or one that is too long
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
  return subject;
}
