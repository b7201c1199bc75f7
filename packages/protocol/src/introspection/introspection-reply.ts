import type { ClientId } from "../ids.ts";
import { epochSeconds, type Instant } from "../instant.ts";
import { formatScope } from "../scope/scope.ts";
import type { Issuer } from "../tenant/tenant.ts";
import { confirmationClaim, type TokenConfirmation } from "../token/access-token-claims.ts";

/** What is told of a token, RFC 7662 section 2.2. */
export interface IntrospectionReply {
  readonly active: boolean;
  readonly [member: string]: unknown;
}

/** The one answer to every token that is not active, or that the client may not ask about: nothing says which (RFC 7662 section 2.2). */
export const inactive: IntrospectionReply = Object.freeze({ active: false });

/** What an active token of either kind says. */
export interface ActiveToken {
  readonly issuer: Issuer;
  readonly clientId: ClientId;
  /** Of the user, or of the client where it got the token for itself. */
  readonly subject: string;
  readonly scopes: readonly string[];
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** When the user signed in; undefined where there is none. */
  readonly authTime: Instant | undefined;
}

export interface ActiveAccessToken extends ActiveToken, Partial<TokenConfirmation> {
  /** Of a JWT. */
  readonly tokenId: string | undefined;
}

/** An access token has the members that it has as a JWT (RFC 9068 section 2.2), whatever its format. */
export function activeAccessToken(token: ActiveAccessToken): IntrospectionReply {
  return {
    ...activeToken(token),
    token_type: "Bearer",
    aud: token.issuer,
    ...(token.tokenId !== undefined && { jti: token.tokenId }),
    ...confirmationClaim(token),
  };
}

/** A refresh token is for the issuer alone, and is no token that a resource accepts: it has neither `token_type` nor `aud`. */
export function activeRefreshToken(token: ActiveToken): IntrospectionReply {
  return activeToken(token);
}

function activeToken({ issuer, clientId, subject, scopes, issuedAt, expiresAt, authTime }: ActiveToken): IntrospectionReply {
  return {
    active: true,
    iss: issuer,
    sub: subject,
    client_id: clientId,
    ...(scopes.length > 0 && { scope: formatScope(scopes) }),
    iat: epochSeconds(issuedAt),
    exp: epochSeconds(expiresAt),
    ...(authTime !== undefined && { auth_time: epochSeconds(authTime) }),
  };
}

/** The claims of a reply as a JWT, RFC 9701 section 5. There is no `sub` and no `exp` beside them, so that it passes for no other token. */
export interface IntrospectionJwtClaims {
  readonly iss: Issuer;
  readonly aud: ClientId;
  readonly iat: number;
  readonly token_introspection: IntrospectionReply;
}

/** `audience` is the client that asked. */
export function introspectionJwtClaims(
  reply: IntrospectionReply,
  { issuer, audience, now }: { readonly issuer: Issuer; readonly audience: ClientId; readonly now: Instant },
): IntrospectionJwtClaims {
  return { iss: issuer, aud: audience, iat: epochSeconds(now), token_introspection: reply };
}
