import { z } from "zod";
import { certificateThumbprint } from "../client/client-certificate.ts";
import { OAuthError } from "../errors.ts";
import { type ClientId, type GrantId, parseClientId, parseGrantId } from "../ids.ts";
import { epochSeconds, type Instant, instant } from "../instant.ts";
import { formatScope } from "../scope/scope.ts";
import type { SecretHash } from "../secret/secret.ts";
import type { Subject } from "../subject/pairwise-subject.ts";
import type { Issuer } from "../tenant/tenant.ts";

/** What a token is bound to: whoever uses it must show that certificate in TLS (RFC 8705 section 3.1). */
export interface TokenConfirmation {
  readonly certificateThumbprint: string;
}

/** What an access token says, whichever its format. It may be bound to a certificate. */
export interface AccessToken extends Partial<TokenConfirmation> {
  readonly clientId: ClientId;
  readonly scopes: readonly string[];
  /** Absent for a token that a client got for itself. */
  readonly grantId?: GrantId;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** The `jti`; absent for an opaque token. */
  readonly id?: string;
  /** Of an opaque token; absent for a JWT. */
  readonly hash?: SecretHash;
}

/** The claims of a JWT access token, RFC 9068 section 2.2. `gid` is Signet's own: the grant, through which the token is revoked. */
export interface AccessTokenClaims {
  readonly iss: Issuer;
  readonly sub: Subject | ClientId;
  readonly aud: string;
  readonly client_id: ClientId;
  readonly iat: number;
  readonly exp: number;
  readonly jti: string;
  readonly scope?: string;
  readonly auth_time?: number;
  readonly gid?: GrantId;
  readonly cnf?: { readonly "x5t#S256": string };
}

export interface AccessTokenClaimsInput {
  readonly issuer: Issuer;
  readonly token: AccessToken;
  /** What the client knows the user by; undefined where there is none. */
  readonly subject: Subject | undefined;
  readonly jti: string;
  /** When the user signed in; undefined where there is none. */
  readonly authTime: Instant | undefined;
}

/**
 * The audience is the issuer itself: no resource was named (RFC 9068 section 3). Without a user the client is the subject (section 2.2).
 */
export function accessTokenClaims({ issuer, token, subject, jti, authTime }: AccessTokenClaimsInput): AccessTokenClaims {
  return {
    iss: issuer,
    sub: subject ?? token.clientId,
    aud: issuer,
    client_id: token.clientId,
    iat: epochSeconds(token.issuedAt),
    exp: epochSeconds(token.expiresAt),
    jti,
    ...(token.scopes.length > 0 && { scope: formatScope(token.scopes) }),
    ...(authTime !== undefined && { auth_time: epochSeconds(authTime) }),
    ...(token.grantId !== undefined && { gid: token.grantId }),
    ...confirmationClaim(token),
  };
}

/** The member `cnf` of a token's claims, or of what introspection says of it (RFC 8705 sections 3.1 and 3.2). */
export function confirmationClaim({ certificateThumbprint }: Partial<TokenConfirmation>): Pick<AccessTokenClaims, "cnf"> {
  return certificateThumbprint === undefined ? {} : { cnf: { "x5t#S256": certificateThumbprint } };
}

/**
 * Checks that who presents the token shows the certificate that it is bound to, if it is to one. `certificate` in DER, empty for none.
 * @throws OAuthError invalid_token (RFC 8705 section 3)
 */
export function checkConfirmation({ certificateThumbprint: bound }: AccessToken, certificate: Uint8Array): void {
  if (bound === undefined) return;
  if (certificate.length === 0) throw accessTokenRefused("it is bound to a certificate, and none was shown");
  if (certificateThumbprint(certificate) !== bound) throw accessTokenRefused("it is bound to another certificate");
}

const claimsShape = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.string(),
  client_id: z.string(),
  iat: z.number(),
  exp: z.number(),
  jti: z.string(),
  scope: z.string().optional(),
  gid: z.string().optional(),
  cnf: z.object({ "x5t#S256": z.string() }).optional(),
});

/**
 * Reads the claims of a token whose signature was verified, RFC 9068 section 4.
 * @throws OAuthError invalid_token where it is not `issuer`'s, not for it, or has expired
 */
export function readAccessTokenClaims(claims: unknown, issuer: Issuer, now: Instant): AccessToken {
  const parsed = claimsShape.safeParse(claims);
  if (!parsed.success) throw accessTokenRefused("not the claims of an access token");
  const { iss, aud, client_id, iat, exp, jti, scope, gid, cnf } = parsed.data;
  if (iss !== issuer) throw accessTokenRefused("another issuer's");
  if (aud !== issuer) throw accessTokenRefused("for another audience");
  if (now >= exp * 1000) throw accessTokenRefused("expired");
  const clientId = parseClientId(client_id);
  if (clientId === undefined) throw accessTokenRefused("client_id is not a client's id");
  const token = {
    clientId,
    scopes: scope === undefined ? [] : scope.split(" "),
    issuedAt: instant(iat * 1000),
    expiresAt: instant(exp * 1000),
    id: jti,
    ...(cnf !== undefined && { certificateThumbprint: cnf["x5t#S256"] }),
  };
  if (gid === undefined) return token;
  const grantId = parseGrantId(gid);
  if (grantId === undefined) throw accessTokenRefused("gid is not a grant's id");
  return { ...token, grantId };
}

/** The same for every token that is not, or no longer, an access token of this tenant: an attacker learns nothing. RFC 6750 section 3.1. */
export function accessTokenRefused(cause: string): OAuthError {
  return new OAuthError("invalid_token", "the access token is invalid, expired or revoked", { cause });
}
