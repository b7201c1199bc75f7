import {
  type CertificateSubject,
  type CertificateSubjectDraft,
  certificateSubjectMembers,
  parseCertificateSubject,
} from "./certificate-subject.ts";
import {
  type ClientAuthenticationMethod,
  type ClientMetadata,
  clientAuthenticationMethods,
  clientSecretAlgorithms,
  clientSigningAlgorithms,
} from "./client.ts";
import { parseClientJwks } from "./client-jwks.ts";
import { isGiven, oneOf, optionalEndpoint, optionalOneOf, refusedMetadata } from "./members.ts";

export interface AuthenticationMetadataDraft extends CertificateSubjectDraft {
  readonly tokenEndpointAuthMethod?: string;
  readonly tokenEndpointAuthSigningAlg?: string;
  /** A JWK Set as JSON. */
  readonly jwks?: string;
  readonly jwksUri?: string;
  readonly tlsClientCertificateBoundAccessTokens?: boolean;
}

export type AuthenticationMetadata = Pick<
  ClientMetadata,
  | "tokenEndpointAuthMethod"
  | "tokenEndpointAuthSigningAlg"
  | "jwks"
  | "jwksUri"
  | "tlsClientAuthSubject"
  | "tlsClientCertificateBoundAccessTokens"
>;

/**
 * How the client proves who it is, and all that this takes: OpenID Connect Registration section 2, RFC 8705 section 2.
 * @throws OAuthError invalid_client_metadata
 */
export function parseAuthenticationMetadata(draft: AuthenticationMetadataDraft): AuthenticationMetadata {
  const method = oneOf(
    "token_endpoint_auth_method",
    draft.tokenEndpointAuthMethod,
    clientAuthenticationMethods,
    "client_secret_basic",
  );
  const subject = parseCertificateSubject(draft);
  checkSubject(method, subject);
  const keys = parseKeys(draft);
  if (
    (method === "private_key_jwt" || method === "self_signed_tls_client_auth") &&
    keys.jwks === undefined &&
    keys.jwksUri === undefined
  ) {
    throw refusedMetadata(`token_endpoint_auth_method ${method} needs the client's keys: jwks or jwks_uri`);
  }
  const algorithm = parseAssertionAlgorithm(method, draft.tokenEndpointAuthSigningAlg);
  return {
    tokenEndpointAuthMethod: method,
    tlsClientCertificateBoundAccessTokens: draft.tlsClientCertificateBoundAccessTokens ?? false,
    ...keys,
    ...(algorithm === undefined ? {} : { tokenEndpointAuthSigningAlg: algorithm }),
    ...(subject === undefined ? {} : { tlsClientAuthSubject: subject }),
  };
}

/** RFC 8705 section 2.1.2: exactly one name, for the one method that looks at it. */
function checkSubject(method: ClientAuthenticationMethod, subject: CertificateSubject | undefined): void {
  if (method === "tls_client_auth" && subject === undefined) {
    throw refusedMetadata(`token_endpoint_auth_method tls_client_auth needs one of: ${certificateSubjectMembers.join(", ")}`);
  }
  if (method !== "tls_client_auth" && subject !== undefined) {
    throw refusedMetadata(`${subject.member} goes only with token_endpoint_auth_method tls_client_auth`);
  }
}

/** RFC 7591 section 2: jwks and jwks_uri never both. */
function parseKeys({ jwks, jwksUri }: AuthenticationMetadataDraft): Pick<ClientMetadata, "jwks" | "jwksUri"> {
  const uri = optionalEndpoint("jwks_uri", jwksUri);
  if (!isGiven(jwks)) return uri === undefined ? {} : { jwksUri: uri };
  if (uri !== undefined) throw refusedMetadata("only one of jwks and jwks_uri may be given");
  return { jwks: parseClientJwks(jwks) };
}

function parseAssertionAlgorithm(
  method: ClientAuthenticationMethod,
  sent: string | undefined,
): ClientMetadata["tokenEndpointAuthSigningAlg"] {
  const member = "token_endpoint_auth_signing_alg";
  if (method === "private_key_jwt") return optionalOneOf(member, sent, clientSigningAlgorithms);
  if (method === "client_secret_jwt") return optionalOneOf(member, sent, clientSecretAlgorithms);
  // It says nothing about the other methods, so libraries that always send one are not refused for it.
  optionalOneOf(member, sent, [...clientSigningAlgorithms, ...clientSecretAlgorithms]);
  return undefined;
}
