import type { Brand } from "../brand.ts";
import { OAuthError } from "../errors.ts";
import type { GrantId } from "../ids.ts";
import type { Random } from "../secret/secret.ts";

/** The 16 bytes of a grant's id and 256 random bits, as 64 characters of base64url. It is shown once and stored as its hash. */
export type RefreshToken = Brand<string, "RefreshToken">;

/** A refresh token as a client sent it: of the right shape, and nothing more is known of it. */
export interface PresentedRefreshToken {
  readonly token: RefreshToken;
  readonly grantId: GrantId;
}

const grantBytes = 16;
const randomBytes = 32;
/** 48 bytes fill 64 characters without a bit to spare, so no two strings are the same token. */
const shape = /^[A-Za-z0-9_-]{64}$/;

export function newRefreshToken(grant: GrantId, random: Random): RefreshToken {
  return Buffer.concat([Buffer.from(grant, "hex"), random(randomBytes)]).toString("base64url") as RefreshToken;
}

/** @throws OAuthError invalid_grant for anything that Signet cannot have issued as a refresh token, such as an access token */
export function parseRefreshToken(value: string): PresentedRefreshToken {
  if (!shape.test(value)) throw refreshTokenRefused("not of the shape of a refresh token");
  const grantId = Buffer.from(value, "base64url").toString("hex", 0, grantBytes) as GrantId;
  return { token: value as RefreshToken, grantId };
}

/** The same for a refresh token that never was, is another client's, has expired, was used before or was revoked: an attacker learns nothing. */
export function refreshTokenRefused(cause: string): OAuthError {
  return new OAuthError("invalid_grant", "the refresh token is invalid, expired, revoked or was issued to another client", {
    cause,
  });
}
