import {
  type Client,
  hashSecret,
  type Instant,
  later,
  nextRefreshToken,
  type Random,
  type RefreshToken,
  type RefreshTokenParts,
  refreshTokenRefused,
  type Tenant,
} from "@signet/protocol";
import type { GrantStore } from "@signet/storage";
import { grantExpiry } from "../grants/grant-expiry.ts";
import { decryptSuccessor, encryptSuccessor } from "./successor.ts";

export interface RotationRequest {
  readonly tenant: Tenant;
  readonly client: Client;
  readonly presented: RefreshTokenParts;
  readonly now: Instant;
}

export interface RotationDependencies {
  readonly grants: GrantStore;
  readonly random: Random;
  /** How long after a rotation the token that was replaced still gets the one that replaced it: a client whose reply was lost tries again. */
  readonly refreshGraceMilliseconds: number;
}

/**
 * Replaces a refresh token by its successor, which it gives, in one atomic step of the store; what was used before the grace window revokes its grant
 * (RFC 9700 section 4.14.2). Public and confidential clients are treated alike.
 * @throws OAuthError invalid_grant
 */
export async function rotate(
  { tenant, client, presented, now }: RotationRequest,
  { grants, random, refreshGraceMilliseconds }: RotationDependencies,
): Promise<RefreshToken> {
  const { token, grantId, familyHash } = presented;
  const next = nextRefreshToken(presented, random);
  const rotated = await grants.rotate({
    tenantId: tenant.id,
    grantId,
    clientId: client.id,
    presented: hashSecret(token),
    family: familyHash,
    next: hashSecret(next),
    successor: encryptSuccessor(next, token, random),
    expiresAt: later(now, tenant.settings.refreshTimeout),
    // What a retry within the grace window issues is covered too.
    grantExpiresAt: later(grantExpiry(tenant.settings, "refreshable", now), refreshGraceMilliseconds),
    now,
    graceMilliseconds: refreshGraceMilliseconds,
  });
  switch (rotated.kind) {
    case "rotated":
      return next;
    case "retried":
      return decryptSuccessor(rotated.successor, token);
    case "reused":
      throw refreshTokenRefused("used before: its grant is revoked");
    case "unknown":
      throw refreshTokenRefused("unknown, expired, revoked or another client's");
  }
}
