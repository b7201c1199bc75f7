import type { ClientId, TenantId } from "../ids.ts";
import type { Instant } from "../instant.ts";
import type { RedirectUri } from "../redirect-uri/redirect-uri.ts";
import type { CustomScope } from "../scope/scope.ts";
import type { SecretHash } from "../secret/secret.ts";

export const grantTypes = ["authorization_code", "refresh_token", "client_credentials"] as const;
export type GrantType = (typeof grantTypes)[number];

export const responseTypes = ["code"] as const;
export type ResponseType = (typeof responseTypes)[number];

export const clientAuthenticationMethods = ["client_secret_basic", "client_secret_post", "none"] as const;
export type ClientAuthenticationMethod = (typeof clientAuthenticationMethods)[number];

export const applicationTypes = ["web", "native"] as const;
export type ApplicationType = (typeof applicationTypes)[number];

export const signingAlgorithms = ["RS256", "ES256", "PS256", "EdDSA"] as const;
export type SigningAlgorithm = (typeof signingAlgorithms)[number];

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
}

export interface Client {
  readonly id: ClientId;
  readonly tenantId: TenantId;
  readonly metadata: ClientMetadata;
  /** Absent for a client without a secret. */
  readonly secretHash?: SecretHash;
  /** Absent: never. */
  readonly secretExpiresAt?: Instant;
}

/** What the client's JWT access tokens are signed with. */
export function accessTokenAlgorithm(metadata: ClientMetadata): SigningAlgorithm {
  return metadata.accessTokenSignedResponseAlg ?? metadata.idTokenSignedResponseAlg;
}

/** RFC 6749 section 2.1: a public client cannot keep a secret. */
export function isPublic(client: Client): boolean {
  return client.metadata.tokenEndpointAuthMethod === "none";
}
