import type { ClientId, TenantId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { RedirectUri } from "../redirect-uri/redirect-uri.ts";
import type { CustomScope } from "../scope/scope.ts";
import type { SecretHash } from "../secret/secret.ts";
import type { CertificateSubject } from "./certificate-subject.ts";
import type { ClientJwk } from "./client-jwks.ts";

export const grantTypes = ["authorization_code", "refresh_token", "client_credentials"] as const;
export type GrantType = (typeof grantTypes)[number];

export const responseTypes = ["code"] as const;
export type ResponseType = (typeof responseTypes)[number];

/** OpenID Connect Core section 9, RFC 8705 section 2. */
export const clientAuthenticationMethods = [
  "client_secret_basic",
  "client_secret_post",
  "client_secret_jwt",
  "private_key_jwt",
  "tls_client_auth",
  "self_signed_tls_client_auth",
  "none",
] as const;
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

export const applicationTypes = ["web", "native"] as const;
export type ApplicationType = (typeof applicationTypes)[number];

/** `Ed25519` is what RFC 9864 calls `EdDSA` with that curve: one signature under two names, each with keys of its own. */
export const signingAlgorithms = ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

/** What a client may sign with its own keys (RFC 7518 section 3.1, RFC 8037 section 3.1, RFC 9864 section 2.2): assertions and request objects. */
export const clientSigningAlgorithms = [
  "RS256",
  "RS384",
  "RS512",
  "PS256",
  "PS384",
  "PS512",
  "ES256",
  "ES384",
  "ES512",
  "EdDSA",
  "Ed25519",
] as const;
export type ClientSigningAlgorithm = (typeof clientSigningAlgorithms)[number];

/** What a client may authenticate assertions with by its secret (RFC 7518 section 3.2). */
export const clientSecretAlgorithms = ["HS256", "HS384", "HS512"] as const;
export type ClientSecretAlgorithm = (typeof clientSecretAlgorithms)[number];

/** OpenID Connect Core section 8. */
export const subjectTypes = ["public", "pairwise"] as const;
export type SubjectType = (typeof subjectTypes)[number];

export const accessTokenFormats = ["jwt", "opaque"] as const;
export type AccessTokenFormat = (typeof accessTokenFormats)[number];

/** When a refresh token is issued to a client that has the grant type. */
export const refreshTokenPolicies = ["offline_access", "always"] as const;
export type RefreshTokenPolicy = (typeof refreshTokenPolicies)[number];

/** Client metadata, RFC 7591 section 2 and Signet's own, validated as a whole. Addresses that were not given are absent. */
export interface ClientMetadata {
  readonly redirectUris: readonly RedirectUri[];
  readonly postLogoutRedirectUris: readonly RedirectUri[];
  readonly grantTypes: readonly GrantType[];
  readonly responseTypes: readonly ResponseType[];
  readonly tokenEndpointAuthMethod: ClientAuthenticationMethod;
  readonly applicationType: ApplicationType;
  /** What the client may ask for; absent: every scope that the tenant knows. */
  readonly scope?: readonly string[];
  readonly idTokenSignedResponseAlg: SigningAlgorithm;
  readonly accessTokenFormat: AccessTokenFormat;
  /** Absent: as the ID token's. */
  readonly accessTokenSignedResponseAlg?: SigningAlgorithm;
  readonly clientName: string;
  readonly logoUri?: string;
  readonly clientUri?: string;
  readonly policyUri?: string;
  readonly tosUri?: string;
  readonly contacts: readonly string[];
  readonly customScopes: readonly CustomScope[];
  /** Absent: as the tenant says. */
  readonly refreshTokens?: RefreshTokenPolicy;
  /** The client's public keys; never together with `jwksUri`. */
  readonly jwks?: readonly ClientJwk[];
  readonly jwksUri?: string;
  /** Of assertions; absent: any that the method knows. */
  readonly tokenEndpointAuthSigningAlg?: ClientSigningAlgorithm | ClientSecretAlgorithm;
  /** Whom a certificate must name for `tls_client_auth`. */
  readonly tlsClientAuthSubject?: CertificateSubject;
  /** RFC 8705 section 3.4. */
  readonly tlsClientCertificateBoundAccessTokens: boolean;
  /** Absent: userinfo is plain JSON (OpenID Connect Core section 5.3.2). */
  readonly userinfoSignedResponseAlg?: SigningAlgorithm;
  /** Absent: RS256, where a signed reply is asked for (RFC 9701 section 6). */
  readonly introspectionSignedResponseAlg?: SigningAlgorithm;
  /** Absent: any (OpenID Connect Registration section 2). */
  readonly requestObjectSigningAlg?: ClientSigningAlgorithm;
  /** RFC 9101 section 10.5. */
  readonly requireSignedRequestObject: boolean;
  readonly requestUris: readonly string[];
  readonly subjectType: SubjectType;
  readonly sectorIdentifierUri?: string;
  readonly initiateLoginUri?: string;
  /** In seconds, where a request has no max_age. */
  readonly defaultMaxAge?: number;
  readonly requireAuthTime: boolean;
  readonly defaultAcrValues: readonly string[];
  readonly backchannelLogoutUri?: string;
  readonly backchannelLogoutSessionRequired: boolean;
  readonly frontchannelLogoutUri?: string;
  readonly frontchannelLogoutSessionRequired: boolean;
  readonly softwareId?: string;
  readonly softwareVersion?: string;
  /** Whether the client may introspect every token of its tenant. Only an administrator says so. */
  readonly isResourceServer: boolean;
}

/**
 * What the members are that not every stored client has: they came after the first version. A client that was stored without them has these.
 */
export const laterClientMetadata = {
  tlsClientCertificateBoundAccessTokens: false,
  requireSignedRequestObject: false,
  requestUris: [],
  subjectType: "public",
  requireAuthTime: false,
  defaultAcrValues: [],
  backchannelLogoutSessionRequired: false,
  frontchannelLogoutSessionRequired: false,
  isResourceServer: false,
} as const satisfies Partial<ClientMetadata>;

export interface Client {
  readonly id: ClientId;
  readonly tenantId: TenantId;
  readonly metadata: ClientMetadata;
  /** Absent for a client without a secret. */
  readonly secretHash?: SecretHash;
  /** The secret itself, which `client_secret_jwt` takes for a key; absent for every other method, and for services that verify no assertions. */
  readonly assertionSecret?: string;
  /** Absent: never. */
  readonly secretExpiresAt?: Instant;
  /** From then on the client is as unknown as one that was deleted. Absent: never. */
  readonly expiresAt?: Instant;
}

/** Whether the client registered itself where everybody may, so that nobody knows whose it is: only such ones have an end. */
export function isUnreviewed({ expiresAt }: Pick<Client, "expiresAt">): boolean {
  return expiresAt !== undefined;
}

/** Whether the client, which may have an end, is still there. */
export function isAlive({ expiresAt }: Pick<Client, "expiresAt">, now: Instant): boolean {
  return expiresAt === undefined || expiresAt > now;
}

/** What the client's JWT access tokens are signed with. */
export function accessTokenAlgorithm(metadata: ClientMetadata): SigningAlgorithm {
  return metadata.accessTokenSignedResponseAlg ?? metadata.idTokenSignedResponseAlg;
}

/** Whether clients of the method have a secret that Signet made. */
export function hasSecret(method: ClientAuthenticationMethod): boolean {
  return method === "client_secret_basic" || method === "client_secret_post" || method === "client_secret_jwt";
}

/** RFC 6749 section 2.1: a public client cannot keep a secret. */
export function isPublic(client: Client): boolean {
  return client.metadata.tokenEndpointAuthMethod === "none";
}
