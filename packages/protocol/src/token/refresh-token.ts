import type { Brand } from "../brand.ts";
import { OAuthError } from "../errors.ts";
import type { GrantId } from "../ids.ts";
import { hashSecret, type Random, type SecretHash } from "../secret/secret.ts";

/**
 * The 16 bytes of a grant's id, 16 random bytes that all tokens of its family share, and 16 that only this one has, as 64 characters of
 * base64url. It is shown once and stored as its hash. Who knows a grant's id – a resource server reads it in access tokens – cannot make a token
 * that passes for an earlier one of the family.
 */
export type RefreshToken = Brand<string, "RefreshToken">;

/** A refresh token in its parts. Of one that a client sent no more is known than that it has the right shape. */
export interface RefreshTokenParts {
  readonly token: RefreshToken;
  readonly grantId: GrantId;
  /** Of the part that all tokens of the family share. */
  readonly familyHash: SecretHash;
}

const grantBytes = 16;
const familyBytes = 16;
const ownBytes = 16;
/** 48 bytes fill 64 characters without a bit to spare, so no two strings are the same token. */
const shape = /^[A-Za-z0-9_-]{64}$/;

/** The first of a family. */
export function newRefreshToken(grant: GrantId, random: Random): RefreshTokenParts {
  const bytes = Buffer.concat([Buffer.from(grant, "hex"), random(familyBytes + ownBytes)]);
  return parseRefreshToken(bytes.toString("base64url"));
}

/** One more of the same family. */
export function nextRefreshToken({ token }: RefreshTokenParts, random: Random): RefreshToken {
  const shared = Buffer.from(token, "base64url").subarray(0, grantBytes + familyBytes);
  return Buffer.concat([shared, random(ownBytes)]).toString("base64url") as RefreshToken;
}

/** @throws OAuthError invalid_grant for anything that Signet cannot have issued as a refresh token, such as an access token */
export function parseRefreshToken(value: string): RefreshTokenParts {
  const parts = readRefreshToken(value);
  if (parts === undefined) throw refreshTokenRefused("not of the shape of a refresh token");
  return parts;
}

/** Undefined for anything that Signet cannot have issued as a refresh token. */
export function readRefreshToken(value: string): RefreshTokenParts | undefined {
  if (!shape.test(value)) return undefined;
  const bytes = Buffer.from(value, "base64url");
  return {
    token: value as RefreshToken,
    grantId: bytes.toString("hex", 0, grantBytes) as GrantId,
    familyHash: hashSecret(bytes.toString("base64url", grantBytes, grantBytes + familyBytes)),
  };
}

/** The same for a refresh token that never was, is another client's, has expired, was used before or was revoked: an attacker learns nothing. */
export function refreshTokenRefused(cause: string): OAuthError {
  return new OAuthError("invalid_grant", "the refresh token is invalid, expired, revoked or was issued to another client", {
    cause,
  });
}
