import { OAuthError } from "../errors.ts";
import { type Parameters, required } from "../parameters/parameters.ts";
import { parseSecret, type Secret } from "../secret/secret.ts";
import { type RefreshTokenParts, readRefreshToken } from "./refresh-token.ts";

/** A token that a client asks about, or wants ended, by what it looks like: nothing of it has been verified. */
export type PresentedToken =
  | { readonly kind: "refresh-token"; readonly parts: RefreshTokenParts }
  | { readonly kind: "opaque"; readonly value: Secret }
  | { readonly kind: "other"; readonly value: string };

const maximumTokenLength = 16 * 1024;

/**
 * The token of a request for introspection (RFC 7662 section 2.1) or revocation (RFC 7009 section 2.1). No two kinds of token look alike, so that
 * `token_type_hint` is not needed, and a wrong one does no harm.
 * @throws OAuthError invalid_request
 */
export function parsePresentedToken(parameters: Parameters): PresentedToken {
  const value = required(parameters, "token");
  if (value.length > maximumTokenLength)
    throw new OAuthError("invalid_request", `token may have at most ${maximumTokenLength} characters`);
  const parts = readRefreshToken(value);
  if (parts !== undefined) return { kind: "refresh-token", parts };
  const secret = parseSecret(value);
  return secret === undefined ? { kind: "other", value } : { kind: "opaque", value: secret };
}
