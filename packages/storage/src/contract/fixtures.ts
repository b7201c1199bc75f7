import { randomBytes } from "node:crypto";
import {
  type CodeChallenge,
  hashSecret,
  type Instant,
  instant,
  later,
  newClientId,
  newGrantId,
  newHexId,
  newInteractionId,
  newSecret,
  newSessionPublicId,
  newTenantId,
  newUserId,
  parseCodeChallenge,
  parseRedirectUri,
  parseTenantName,
  type SecretHash,
  type TenantName,
  type UserIdentifier,
} from "@signet/protocol";
import type { StoredAccessToken } from "../access-token-store.ts";
import type { StoredCode } from "../authorization-code-store.ts";
import type { StoredClient } from "../client-store.ts";
import type { WrappedKey } from "../data-key-store.ts";
import type { Rotation, StoredGrant } from "../grant-store.ts";
import type { StoredInteraction } from "../interaction-store.ts";
import type { Sealed } from "../sealed.ts";
import type { StoredSession } from "../session-store.ts";
import type { StoredSigningKey } from "../signing-key-store.ts";
import type { StoredTenant } from "../tenant-store.ts";
import type { PasswordHash, StoredUser } from "../user-store.ts";

/** The real time, since a database may reclaim by its own clock what has expired; what lives here lives for minutes at least. */
export const now: Instant = instant(Date.now());
export const minute = 60_000;

/** The results of `count` calls that are all under way at once. */
export function concurrently<Result>(count: number, call: (index: number) => Promise<Result>): Promise<Result[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => call(index)));
}

/** How often each result came. */
export function tally(results: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const result of results) counts[result] = (counts[result] ?? 0) + 1;
  return counts;
}

export const aTenantId = () => newTenantId(randomBytes);
export const aClientId = () => newClientId(randomBytes);
export const aUserId = () => newUserId(randomBytes);
export const aGrantId = () => newGrantId(randomBytes);
export const anInteractionId = () => newInteractionId(randomBytes);
export const aSessionPublicId = () => newSessionPublicId(randomBytes);
export const aHash = (): SecretHash => hashSecret(newSecret(randomBytes));
export const aWrappedKey = () => randomBytes(60).toString("base64url") as WrappedKey;
export const aSealed = () => randomBytes(80).toString("base64url") as Sealed;
export const anIdentifier = () => `${newHexId(randomBytes, 8)}@people.example` as UserIdentifier;

export function aTenantName(): TenantName {
  const name = parseTenantName(`t${newHexId(randomBytes, 8)}`);
  if (name === undefined) throw new Error("the name was meant to be valid");
  return name;
}

function aCodeChallenge(): CodeChallenge {
  const challenge = parseCodeChallenge(randomBytes(32).toString("base64url"), "S256");
  if (challenge === undefined) throw new Error("the challenge was meant to be valid");
  return challenge;
}

export function aTenant(members: Partial<StoredTenant> = {}): StoredTenant {
  return {
    id: aTenantId(),
    name: aTenantName(),
    settings: {
      collection: "users",
      tokenTimeout: 3_600_000,
      idTokenTimeout: 3_600_000,
      refreshTimeout: 2_592_000_000,
      sessionTimeout: 86_400_000,
      refreshTokens: "offline_access",
    },
    branding: { name: "Bäckerei “Süß” & Söhne" },
    registrationTokenHash: aHash(),
    registrationToken: aSealed(),
    createdAt: now,
    version: 1,
    ...members,
  };
}

/** A client with no more than it must have. */
export function aPublicClient(members: Partial<StoredClient> = {}): StoredClient {
  return {
    id: aClientId(),
    tenantId: aTenantId(),
    metadata: {
      redirectUris: [parseRedirectUri("https://client.example/callback", "web")],
      postLogoutRedirectUris: [],
      grantTypes: ["authorization_code"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "none",
      applicationType: "web",
      idTokenSignedResponseAlg: "RS256",
      accessTokenFormat: "jwt",
      clientName: "客户端",
      contacts: [],
      customScopes: [],
    },
    createdAt: now,
    updatedAt: now,
    version: 1,
    ...members,
  };
}

/** A client with all that it may have. */
export function aConfidentialClient(members: Partial<StoredClient> = {}): StoredClient {
  const client = aPublicClient();
  return {
    ...client,
    metadata: {
      ...client.metadata,
      postLogoutRedirectUris: [parseRedirectUri("https://client.example/bye?from=signet", "web")],
      grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
      tokenEndpointAuthMethod: "client_secret_basic",
      scope: ["openid", "email"],
      accessTokenFormat: "opaque",
      accessTokenSignedResponseAlg: "ES256",
      logoUri: "https://client.example/logo.svg",
      clientUri: "https://client.example",
      policyUri: "https://client.example/policy",
      tosUri: "https://client.example/terms",
      contacts: ["mailto:admin@client.example"],
      customScopes: [{ name: "orders", description: "See your orders", fields: ["customer_number", "address"] }],
      refreshTokens: "always",
    },
    secretHash: aHash(),
    secret: aSealed(),
    secretExpiresAt: later(now, 90 * 24 * 60 * minute),
    ...members,
  };
}

/** A user with no more than a user must have. */
export function aUser(members: Partial<StoredUser> = {}): StoredUser {
  const username = newHexId(randomBytes, 8);
  return {
    id: aUserId(),
    tenantId: aTenantId(),
    collection: "users",
    username,
    emailVerified: false,
    identifiers: [username as UserIdentifier],
    claims: {},
    roles: [],
    attributes: {},
    blocked: false,
    epoch: 0,
    createdAt: now,
    updatedAt: now,
    version: 1,
    ...members,
  };
}

/** A user with all that a user may have. */
export function aCompleteUser(members: Partial<StoredUser> = {}): StoredUser {
  const user = aUser();
  const email = anIdentifier();
  return {
    ...user,
    collection: "staff",
    email,
    emailVerified: true,
    identifiers: [...user.identifiers, email],
    claims: { name: 'Zoë "Z" O\'Neil', address: { country: "NL", lines: ["1", "2"] }, updated_at: 1_700_000_000 },
    roles: ["admin", "äuditor"],
    attributes: { customer_number: 12.5, vip: true, note: null, tags: [] },
    blocked: true,
    epoch: 7,
    passwordHash: "$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA" as PasswordHash,
    ...members,
  };
}

export function aSession(members: Partial<StoredSession> = {}): StoredSession {
  return {
    hash: aHash(),
    publicId: aSessionPublicId(),
    tenantId: aTenantId(),
    userId: aUserId(),
    authTime: now,
    amr: ["pwd"],
    expiresAt: later(now, 10 * minute),
    ...members,
  };
}

export function anInteraction(members: Partial<StoredInteraction> = {}): StoredInteraction {
  return { id: anInteractionId(), tenantId: aTenantId(), secretHash: aHash(), expiresAt: later(now, 10 * minute), ...members };
}

/** A code with no more than a code must have. */
export function aCode(members: Partial<StoredCode> = {}): StoredCode {
  return {
    hash: aHash(),
    tenantId: aTenantId(),
    clientId: aClientId(),
    userId: aUserId(),
    collection: "members",
    grantId: aGrantId(),
    redirectUri: parseRedirectUri("https://client.example/callback?from=signet", "web"),
    scopes: ["openid"],
    requestedScopes: ["openid", "email"],
    customClaims: [],
    authTime: now,
    amr: ["pwd"],
    sessionPublicId: aSessionPublicId(),
    epoch: 3,
    expiresAt: later(now, 10 * minute),
    ...members,
  };
}

/** A code with all that a code may have. */
export function aBoundCode(members: Partial<StoredCode> = {}): StoredCode {
  return {
    ...aCode(),
    customClaims: ["customer_number", "address"],
    codeChallenge: aCodeChallenge(),
    nonce: 'n-"0S6_WzA2Mj"\n€',
    ...members,
  };
}

/** A grant without refresh tokens. */
export function aGrant(members: Partial<StoredGrant> = {}): StoredGrant {
  return {
    id: aGrantId(),
    tenantId: aTenantId(),
    clientId: aClientId(),
    userId: aUserId(),
    scopes: ["openid", "email"],
    customClaims: [],
    authTime: now,
    amr: ["pwd"],
    sessionPublicId: aSessionPublicId(),
    epoch: 0,
    createdAt: now,
    expiresAt: later(now, 20 * minute),
    ...members,
  };
}

/** A grant whose refresh token is the one behind `current`. */
export function aRefreshableGrant(current: SecretHash, members: Partial<StoredGrant> = {}): StoredGrant {
  return {
    ...aGrant(),
    customClaims: ["customer_number", "address"],
    refresh: { family: aHash(), current, expiresAt: later(now, 20 * minute) },
    ...members,
  };
}

export function aRotation(grant: StoredGrant, presented: SecretHash, members: Partial<Rotation> = {}): Rotation {
  return {
    tenantId: grant.tenantId,
    grantId: grant.id,
    clientId: grant.clientId,
    presented,
    family: grant.refresh?.family ?? aHash(),
    next: aHash(),
    successor: randomBytes(80).toString("base64url"),
    expiresAt: later(now, 30 * minute),
    grantExpiresAt: later(now, 30 * minute),
    now,
    graceMilliseconds: 10_000,
    ...members,
  };
}

/** An access token that a client got for itself. */
export function anAccessToken(members: Partial<StoredAccessToken> = {}): StoredAccessToken {
  return {
    hash: aHash(),
    tenantId: aTenantId(),
    clientId: aClientId(),
    scopes: [],
    issuedAt: now,
    expiresAt: later(now, 10 * minute),
    ...members,
  };
}

export function aSigningKey(members: Partial<StoredSigningKey> = {}): StoredSigningKey {
  return {
    id: aHash(),
    tenantId: aTenantId(),
    algorithm: "ES256",
    privateKey: aSealed(),
    publicJwk: JSON.stringify({ kty: "EC", crv: "P-256", x: aHash(), y: aHash() }),
    createdAt: now,
    ...members,
  };
}
