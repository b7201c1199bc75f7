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
  /** A JWK Set as JSON; never together with `jwksUri`. */
  readonly jwks?: string | undefined;
  readonly jwksUri?: string | undefined;
  readonly tokenEndpointAuthSigningAlg?: string | undefined;
  readonly tlsClientAuthSubjectDn?: string | undefined;
  readonly tlsClientAuthSanDns?: string | undefined;
  readonly tlsClientAuthSanUri?: string | undefined;
  readonly tlsClientAuthSanIp?: string | undefined;
  readonly tlsClientAuthSanEmail?: string | undefined;
  readonly tlsClientCertificateBoundAccessTokens: boolean;
  /** Absent: plain JSON. */
  readonly userinfoSignedResponseAlg?: string | undefined;
  readonly introspectionSignedResponseAlg?: string | undefined;
  /** Absent: any. */
  readonly requestObjectSigningAlg?: string | undefined;
  readonly requireSignedRequestObject: boolean;
  readonly requestUris: readonly string[];
  /** `public` or `pairwise` */
  readonly subjectType: string;
  readonly sectorIdentifierUri?: string | undefined;
  readonly initiateLoginUri?: string | undefined;
  /** Seconds. */
  readonly defaultMaxAge?: number | undefined;
  readonly requireAuthTime: boolean;
  readonly defaultAcrValues: readonly string[];
  readonly backchannelLogoutUri?: string | undefined;
  readonly backchannelLogoutSessionRequired: boolean;
  readonly frontchannelLogoutUri?: string | undefined;
  readonly frontchannelLogoutSessionRequired: boolean;
  readonly softwareId?: string | undefined;
  readonly softwareVersion?: string | undefined;
  /** May introspect every token of its tenant. */
  readonly resourceServer: boolean;
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
  /** From then on the client is not found any more. Absent: never. */
  readonly expiresAt?: Date;
  /** Whether nobody registered it but itself (RFC 7591). */
  readonly selfRegistered: boolean;
}

export function clientOf(message: registry.Client | undefined): RegisteredClient {
  const { clientId, tenantId, metadata, createdAt, updatedAt, clientSecretExpiresAt, expiresAt, selfRegistered } =
    present(message);
  return {
    clientId,
    tenantId,
    metadata: metadataOf(present(metadata)),
    createdAt: new Date(createdAt),
    updatedAt: new Date(updatedAt),
    ...(clientSecretExpiresAt === 0 ? {} : { secretExpiresAt: new Date(clientSecretExpiresAt * 1000) }),
    ...(expiresAt === 0 ? {} : { expiresAt: new Date(expiresAt) }),
    selfRegistered,
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
    jwks: unlessEmpty(message.jwks),
    jwksUri: unlessEmpty(message.jwksUri),
    tokenEndpointAuthSigningAlg: unlessEmpty(message.tokenEndpointAuthSigningAlg),
    tlsClientAuthSubjectDn: unlessEmpty(message.tlsClientAuthSubjectDn),
    tlsClientAuthSanDns: unlessEmpty(message.tlsClientAuthSanDns),
    tlsClientAuthSanUri: unlessEmpty(message.tlsClientAuthSanUri),
    tlsClientAuthSanIp: unlessEmpty(message.tlsClientAuthSanIp),
    tlsClientAuthSanEmail: unlessEmpty(message.tlsClientAuthSanEmail),
    userinfoSignedResponseAlg: unlessEmpty(message.userinfoSignedResponseAlg),
    introspectionSignedResponseAlg: unlessEmpty(message.introspectionSignedResponseAlg),
    requestObjectSigningAlg: unlessEmpty(message.requestObjectSigningAlg),
    sectorIdentifierUri: unlessEmpty(message.sectorIdentifierUri),
    initiateLoginUri: unlessEmpty(message.initiateLoginUri),
    backchannelLogoutUri: unlessEmpty(message.backchannelLogoutUri),
    frontchannelLogoutUri: unlessEmpty(message.frontchannelLogoutUri),
    softwareId: unlessEmpty(message.softwareId),
    softwareVersion: unlessEmpty(message.softwareVersion),
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
    jwks: metadata.jwks ?? "",
    jwksUri: metadata.jwksUri ?? "",
    tokenEndpointAuthSigningAlg: metadata.tokenEndpointAuthSigningAlg ?? "",
    tlsClientAuthSubjectDn: metadata.tlsClientAuthSubjectDn ?? "",
    tlsClientAuthSanDns: metadata.tlsClientAuthSanDns ?? "",
    tlsClientAuthSanUri: metadata.tlsClientAuthSanUri ?? "",
    tlsClientAuthSanIp: metadata.tlsClientAuthSanIp ?? "",
    tlsClientAuthSanEmail: metadata.tlsClientAuthSanEmail ?? "",
    tlsClientCertificateBoundAccessTokens: metadata.tlsClientCertificateBoundAccessTokens ?? false,
    userinfoSignedResponseAlg: metadata.userinfoSignedResponseAlg ?? "",
    introspectionSignedResponseAlg: metadata.introspectionSignedResponseAlg ?? "",
    requestObjectSigningAlg: metadata.requestObjectSigningAlg ?? "",
    requireSignedRequestObject: metadata.requireSignedRequestObject ?? false,
    requestUris: [...(metadata.requestUris ?? [])],
    subjectType: metadata.subjectType ?? "",
    sectorIdentifierUri: metadata.sectorIdentifierUri ?? "",
    initiateLoginUri: metadata.initiateLoginUri ?? "",
    defaultMaxAge: metadata.defaultMaxAge,
    requireAuthTime: metadata.requireAuthTime ?? false,
    defaultAcrValues: [...(metadata.defaultAcrValues ?? [])],
    backchannelLogoutUri: metadata.backchannelLogoutUri ?? "",
    backchannelLogoutSessionRequired: metadata.backchannelLogoutSessionRequired ?? false,
    frontchannelLogoutUri: metadata.frontchannelLogoutUri ?? "",
    frontchannelLogoutSessionRequired: metadata.frontchannelLogoutSessionRequired ?? false,
    softwareId: metadata.softwareId ?? "",
    softwareVersion: metadata.softwareVersion ?? "",
    resourceServer: metadata.resourceServer ?? false,
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
