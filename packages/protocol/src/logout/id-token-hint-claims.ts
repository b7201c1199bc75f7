import { z } from "zod";
import { OAuthError } from "../errors.ts";
import { type ClientId, parseClientId, parseSid, type Sid } from "../ids.ts";
import { jsonIn } from "../json/json.ts";
import type { Issuer } from "../tenant/tenant.ts";

/** What an ID token says that comes back as `id_token_hint`. */
export interface IdTokenHint {
  /** Whom it was issued to. */
  readonly clientId: ClientId;
  /** What they know the session by that it was issued in. */
  readonly sid: Sid;
}

const claimsShape = z.object({ iss: z.string(), aud: z.string(), sid: z.string() });

/**
 * Reads an ID token whose signature was verified. That it has expired does not matter (OpenID Connect RP-Initiated Logout section 2).
 * @throws OAuthError invalid_request where it is not `issuer`'s
 */
export function readIdTokenHint(claims: unknown, issuer: Issuer): IdTokenHint {
  const { data } = claimsShape.safeParse(claims);
  const clientId = data && parseClientId(data.aud);
  const sid = data && parseSid(data.sid);
  if (data?.iss !== issuer || clientId === undefined || sid === undefined) throw idTokenHintRefused("other claims");
  return { clientId, sid };
}

/** The same for whatever is no ID token of this issuer. */
export function idTokenHintRefused(cause: string): OAuthError {
  return new OAuthError("invalid_request", "id_token_hint must be an ID token of this issuer, as it was issued", { cause });
}

const headerShape = z.strictObject({ alg: z.string(), typ: z.literal("JWT"), kid: z.string().min(1) });

/**
 * Whether a JWS header, which no present key of the issuer writes, may be one that a former key wrote. What it signed may be an ID token or may be
 * forged: it counts as if it had not been sent.
 */
export function mayBeOfFormerKey(encodedHeader: string, presentKeyIds: ReadonlySet<string>): boolean {
  const json = Buffer.from(encodedHeader, "base64url").toString("utf8");
  const parsed = headerShape.safeParse(jsonIn(json));
  return parsed.success && parsed.data.alg !== "none" && !presentKeyIds.has(parsed.data.kid);
}
