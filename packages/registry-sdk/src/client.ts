import { registry } from "@signet/contracts";
import { present, unlessEmpty } from "./calls.ts";

/** When a client gets refresh tokens: where `offline_access` was granted, or always. */
export type RefreshTokenPolicy = "offline_access" | "always";

/** A scope of the client's own: when granted, userinfo carries these members of the user's profile. */
export interface CustomScope {
  readonly name: string;
  /** What the consent page shows. */
  readonly description: string;
  readonly fields: readonly string[];
}

/** RFC 7591 section 2, and Signet's own members. */
export interface ClientMetadata {
  readonly redirectUris: readonly string[];
  readonly postLogoutRedirectUris: readonly string[];
  readonly grantTypes: readonly string[];
  readonly responseTypes: readonly string[];
  readonly tokenEndpointAuthMethod: string;
  /** `web` or `native` */
  readonly applicationType: string;
  readonly idTokenSignedResponseAlg: string;
  /** `jwt` or `opaque` */
  readonly accessTokenFormat: string;
  readonly clientName: string;
  readonly contacts: readonly string[];
  readonly scopes: readonly CustomScope[];
  /** Space-separated. Absent: every scope that the tenant knows. */
  readonly scope?: string | undefined;
  /** Absent: as the ID token's. */
  readonly accessTokenSignedResponseAlg?: string | undefined;
  readonly logoUri?: string | undefined;
  readonly clientUri?: string | undefined;
  readonly policyUri?: string | undefined;
  readonly tosUri?: string | undefined;
  /** Absent: as the tenant says. */
  readonly refreshTokens?: RefreshTokenPolicy | undefined;
}

/** A client as the registry tells of it: never with its secret. */
export interface RegisteredClient {
  /** 24 hex digits. */
  readonly clientId: string;
  readonly tenantId: string;
  readonly metadata: ClientMetadata;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  /** Absent: never, or the client has no secret. */
  readonly secretExpiresAt?: Date;
}

export function clientOf(message: registry.Client | undefined): RegisteredClient {
  const { clientId, tenantId, metadata, createdAt, updatedAt, clientSecretExpiresAt } = present(message);
  return {
    clientId,
    tenantId,
    metadata: metadataOf(present(metadata)),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    ...(clientSecretExpiresAt === 0 ? {} : { secretExpiresAt: new Date(clientSecretExpiresAt * 1000) }),
  };
}

function metadataOf(message: registry.ClientMetadata): ClientMetadata {
  return {
    ...message,
    scope: unlessEmpty(message.scope),
    accessTokenSignedResponseAlg: unlessEmpty(message.accessTokenSignedResponseAlg),
    logoUri: unlessEmpty(message.logoUri),
    clientUri: unlessEmpty(message.clientUri),
    policyUri: unlessEmpty(message.policyUri),
    tosUri: unlessEmpty(message.tosUri),
    refreshTokens: policyOf(message.refreshTokens),
  };
}

/** What is said of a client; what is left out is empty. */
export function metadataMessage(metadata: Partial<ClientMetadata>): registry.ClientMetadata {
  return {
    redirectUris: [...(metadata.redirectUris ?? [])],
    postLogoutRedirectUris: [...(metadata.postLogoutRedirectUris ?? [])],
    grantTypes: [...(metadata.grantTypes ?? [])],
    responseTypes: [...(metadata.responseTypes ?? [])],
    tokenEndpointAuthMethod: metadata.tokenEndpointAuthMethod ?? "",
    applicationType: metadata.applicationType ?? "",
    scope: metadata.scope ?? "",
    idTokenSignedResponseAlg: metadata.idTokenSignedResponseAlg ?? "",
    accessTokenFormat: metadata.accessTokenFormat ?? "",
    accessTokenSignedResponseAlg: metadata.accessTokenSignedResponseAlg ?? "",
    clientName: metadata.clientName ?? "",
    logoUri: metadata.logoUri ?? "",
    clientUri: metadata.clientUri ?? "",
    policyUri: metadata.policyUri ?? "",
    tosUri: metadata.tosUri ?? "",
    contacts: [...(metadata.contacts ?? [])],
    scopes: (metadata.scopes ?? []).map((scope) => ({ ...scope, fields: [...scope.fields] })),
    refreshTokens: policyMessage(metadata.refreshTokens),
  };
}

/** The members that are named, as the registry names them: an update replaces these and no others. */
export function membersOf(metadata: Partial<ClientMetadata>): string[] {
  return Object.keys(metadata).map((key) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`));
}

export function policyOf(message: registry.RefreshTokens): RefreshTokenPolicy | undefined {
  if (message === registry.RefreshTokens.ALWAYS) return "always";
  return message === registry.RefreshTokens.OFFLINE_ACCESS ? "offline_access" : undefined;
}

export function policyMessage(policy: RefreshTokenPolicy | undefined): registry.RefreshTokens {
  if (policy === undefined) return registry.RefreshTokens.UNSPECIFIED;
  return policy === "always" ? registry.RefreshTokens.ALWAYS : registry.RefreshTokens.OFFLINE_ACCESS;
}

/** Epoch seconds; 0 for no end. */
export function expiryMessage(expiresAt: Date | undefined): number {
  return expiresAt === undefined ? 0 : Math.floor(expiresAt.getTime() / 1000);
}
