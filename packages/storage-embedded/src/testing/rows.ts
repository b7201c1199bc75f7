import { createHash } from "node:crypto";
import {
  defaultRegistrationSettings,
  type GrantId,
  hashSecret,
  type Instant,
  instant,
  later,
  parseClientId,
  parseGrantId,
  parseInteractionId,
  parseRedirectUri,
  parseSessionPublicId,
  parseTenantId,
  parseTenantName,
  parseUserId,
  type UserIdentifier,
} from "@signet/protocol";
import type {
  Rotation,
  Sealed,
  StoredCode,
  StoredGrant,
  StoredInteraction,
  StoredSession,
  StoredTenant,
  StoredUser,
} from "@signet/storage";

/** Before anything here expires. */
export const writtenAt: Instant = instant(4_000_000_000_000);
const expiresAt = later(writtenAt, 3_600_000);

/** Rows for the stores. The same numbers always make the same ones: so a process can check on what another one wrote. */
export function rowsOf(round: number, step: number) {
  const hex = (what: string, digits: number) =>
    createHash("sha256").update(`${round}/${step}/${what}`).digest("hex").slice(0, digits);
  const hash = (what: string) => hashSecret(hex(what, 64));
  const tenantId = known(parseTenantId(hex("tenant", 16)));
  const clientId = known(parseClientId(hex("client", 24)));
  const userId = known(parseUserId(hex("user", 32)));
  const grantId: GrantId = known(parseGrantId(hex("grant", 32)));
  const sessionPublicId = known(parseSessionPublicId(hex("session", 32)));
  const origin = {
    tenantId,
    clientId,
    userId,
    scopes: ["openid"],
    customClaims: [],
    authTime: writtenAt,
    amr: ["pwd"],
    requestedClaims: { userinfo: ["name"], idToken: ["acr"] },
    sessionPublicId,
    epoch: 0,
  };

  const code: StoredCode = {
    ...origin,
    hash: hash("code"),
    collection: "users",
    grantId,
    redirectUri: parseRedirectUri("https://client.example/callback", "web"),
    requestedScopes: ["openid"],
    expiresAt,
  };
  const grant: StoredGrant = {
    ...origin,
    id: grantId,
    createdAt: writtenAt,
    expiresAt,
    refresh: { family: hash("family"), current: hash("first refresh token"), expiresAt },
  };
  const rotation: Rotation = {
    tenantId,
    grantId,
    clientId,
    presented: hash("first refresh token"),
    family: hash("family"),
    next: hash("second refresh token"),
    successor: hex("successor", 64),
    expiresAt,
    grantExpiresAt: expiresAt,
    now: writtenAt,
    graceMilliseconds: 10_000,
  };
  const session: StoredSession = {
    hash: hash("session"),
    publicId: sessionPublicId,
    tenantId,
    userId,
    authTime: writtenAt,
    amr: ["pwd"],
    expiresAt,
  };
  const interaction: StoredInteraction = {
    id: known(parseInteractionId(hex("interaction", 32))),
    tenantId,
    secretHash: hash("interaction"),
    request: { client_id: clientId },
    expiresAt,
  };
  const tenant: StoredTenant = {
    id: tenantId,
    name: known(parseTenantName(`t${hex("name", 16)}`)),
    settings: {
      registration: defaultRegistrationSettings,
      collection: "users",
      tokenTimeout: 1,
      idTokenTimeout: 1,
      refreshTimeout: 1,
      sessionTimeout: 1,
      refreshTokens: "offline_access",
      requirePkce: false,
    },
    branding: { name: "A tenant" },
    registrationTokenHash: hash("registration token"),
    registrationToken: hex("registration token", 64) as Sealed,
    createdAt: writtenAt,
    version: 1,
  };
  const user: StoredUser = {
    id: userId,
    tenantId,
    collection: "users",
    username: hex("username", 16),
    emailVerified: false,
    identifiers: [hex("username", 16) as UserIdentifier, `${hex("username", 16)}@people.example` as UserIdentifier],
    claims: {},
    roles: [],
    attributes: {},
    blocked: false,
    epoch: 0,
    createdAt: writtenAt,
    updatedAt: writtenAt,
    version: 1,
  };
  return { code, grant, rotation, session, interaction, tenant, replacement: { ...tenant, version: 2 }, user };
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the value was meant to be valid");
  return value;
}
