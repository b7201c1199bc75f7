import { hash, timingSafeEqual } from "node:crypto";
import type { Brand } from "../brand.ts";
import { OAuthError } from "../errors.ts";

/** 43 to 128 unreserved characters (RFC 7636 section 4.1). */
export type CodeVerifier = Brand<string, "CodeVerifier">;
/** An S256 challenge: SHA-256 in base64url, 43 characters (RFC 7636 section 4.2). */
export type CodeChallenge = Brand<string, "CodeChallenge">;

const verifierShape = /^[A-Za-z0-9\-._~]{43,128}$/;
const challengeShape = /^[A-Za-z0-9\-_]{43}$/;

/**
 * RFC 7636 section 4.1.
 * @throws OAuthError invalid_grant: a verifier of another shape answers no challenge (section 4.6)
 */
export function parseCodeVerifier(value: string): CodeVerifier {
  if (!verifierShape.test(value)) {
    throw new OAuthError("invalid_grant", "code_verifier must be 43 to 128 characters out of A-Z, a-z, 0-9, -, ., _ and ~");
  }
  return value as CodeVerifier;
}

/**
 * The challenge of an authorization request, RFC 7636 section 4.3. Only S256 is known: a missing method would mean `plain`,
 * which RFC 9700 section 2.1.1 advises against.
 * @throws OAuthError invalid_request
 */
export function parseCodeChallenge(challenge: string | undefined, method: string | undefined): CodeChallenge | undefined {
  if (challenge === undefined) {
    if (method !== undefined) throw new OAuthError("invalid_request", "code_challenge_method was sent without code_challenge");
    return undefined;
  }
  if (method !== "S256") throw new OAuthError("invalid_request", "code_challenge_method must be S256");
  if (!challengeShape.test(challenge))
    throw new OAuthError("invalid_request", "code_challenge must be 43 characters of base64url");
  return challenge as CodeChallenge;
}

/** Whether `verifier` answers `challenge`, in constant time. RFC 7636 section 4.6. */
export function answersChallenge(verifier: CodeVerifier, challenge: CodeChallenge): boolean {
  const digest = hash("sha256", verifier, "buffer");
  const expected = Buffer.from(challenge, "base64url");
  return digest.length === expected.length && timingSafeEqual(digest, expected);
}
