import { hash } from "node:crypto";
import type { SigningAlgorithm } from "../client/client.ts";
import type { ClientId, SessionPublicId, Sid } from "../ids.ts";
import { epochSeconds, type Instant } from "../instant.ts";
import { sidOf } from "../logout/session-id.ts";
import type { Subject } from "../subject/pairwise-subject.ts";
import type { Issuer } from "../tenant/tenant.ts";

/** The claims of an ID token, OpenID Connect Core section 2; `sid` is that of OpenID Connect Front-Channel Logout section 3. */
export interface IdTokenClaims {
  readonly iss: Issuer;
  readonly sub: Subject;
  readonly aud: ClientId;
  readonly exp: number;
  readonly iat: number;
  readonly auth_time: number;
  readonly nonce?: string;
  readonly at_hash: string;
  readonly sid: Sid;
  readonly amr?: readonly string[];
  readonly acr?: string;
  /** Members of the profile that were asked for by name (OpenID Connect Core section 5.5). */
  readonly [claim: string]: unknown;
}

export interface IdTokenClaimsInput {
  readonly issuer: Issuer;
  /** What the client knows the person by. */
  readonly subject: Subject;
  readonly clientId: ClientId;
  readonly issuedAt: Instant;
  readonly expiresAt: Instant;
  /** When the person signed in. */
  readonly authTime: Instant;
  /** Sent with the authorization request, if at all. An ID token of a refresh has none (OpenID Connect Core section 12.2). */
  readonly nonce: string | undefined;
  readonly accessToken: string;
  /** What the ID token will be signed with. */
  readonly algorithm: SigningAlgorithm;
  readonly sessionPublicId: SessionPublicId;
  /** How the person signed in, RFC 8176. */
  readonly amr: readonly string[];
  /** Undefined where it was not asked for. */
  readonly acr: string | undefined;
  /** Of the user's profile, what was asked for by name. */
  readonly profile: Readonly<Record<string, unknown>>;
}

/** The claims of an ID token, in whole seconds. */
export function idTokenClaims(input: IdTokenClaimsInput): IdTokenClaims {
  return {
    ...input.profile,
    iss: input.issuer,
    sub: input.subject,
    aud: input.clientId,
    exp: epochSeconds(input.expiresAt),
    iat: epochSeconds(input.issuedAt),
    auth_time: epochSeconds(input.authTime),
    ...(input.nonce !== undefined && { nonce: input.nonce }),
    at_hash: accessTokenHash(input.accessToken, input.algorithm),
    sid: sidOf(input.sessionPublicId, input.clientId),
    ...(input.amr.length > 0 && { amr: input.amr }),
    ...(input.acr !== undefined && { acr: input.acr }),
  };
}

/**
 * `at_hash`: the left half of the access token's hash, by the hash of the ID token's own algorithm (OpenID Connect Core section 3.1.3.6).
 * EdDSA and Ed25519 name none; it is the SHA-512 that Ed25519 itself uses (RFC 8032 section 5.1).
 */
export function accessTokenHash(accessToken: string, algorithm: SigningAlgorithm): string {
  const name = algorithm === "EdDSA" || algorithm === "Ed25519" ? "sha512" : "sha256";
  const digest = hash(name, accessToken, "buffer");
  return digest.toString("base64url", 0, digest.length / 2);
}
