import { OAuthError } from "../errors.ts";
import { type Instant, instant } from "../instant.ts";

/** The end of the year 9999, the last that a date in RFC 3339 can be in. */
const maximumSeconds = 253_402_300_799;

/**
 * When a client's secret ends, from `client_secret_expires_at` (RFC 7591 section 3.2.1): epoch seconds, or 0 for never, which is undefined here.
 * @throws OAuthError invalid_client_metadata
 */
export function parseSecretExpiry(seconds: number): Instant | undefined {
  if (!Number.isInteger(seconds) || seconds < 0 || seconds > maximumSeconds) {
    throw new OAuthError(
      "invalid_client_metadata",
      "client_secret_expires_at must be whole epoch seconds, or 0 for a secret without an end",
    );
  }
  return seconds === 0 ? undefined : instant(seconds * 1000);
}

/**
 * As `parseSecretExpiry`, for a client that is there already: its secret does not come to have ended before `now`.
 * @throws OAuthError invalid_client_metadata
 */
export function parseChangedSecretExpiry(seconds: number, now: Instant): Instant | undefined {
  const expiry = parseSecretExpiry(seconds);
  if (expiry !== undefined && expiry <= now) {
    throw new OAuthError("invalid_client_metadata", "client_secret_expires_at must not be in the past");
  }
  return expiry;
}
