import { isDisplayText } from "../display/display-text.ts";
import { ResourceError } from "../errors.ts";
import { type InitialAccessTokenId, parseInitialAccessTokenId } from "../ids.ts";
import { type Instant, later } from "../instant.ts";
import { parseSecret, type Secret } from "../secret/secret.ts";

/** What opens a tenant's registration endpoint (RFC 7591 section 1.2): found by its id, recognised by its secret. */
export interface InitialAccessToken {
  readonly id: InitialAccessTokenId;
  readonly secret: Secret;
}

/** The token as it is handed out: a `b64token` of RFC 6750 section 2.1. */
export function formatInitialAccessToken({ id, secret }: InitialAccessToken): string {
  return `${id}.${secret}`;
}

/** The reverse of `formatInitialAccessToken`; undefined for what cannot be one. */
export function parseInitialAccessToken(value: string): InitialAccessToken | undefined {
  const point = value.indexOf(".");
  const id = parseInitialAccessTokenId(value.slice(0, Math.max(point, 0)));
  const secret = parseSecret(value.slice(point + 1));
  return id === undefined || secret === undefined ? undefined : { id, secret };
}

/** How often and how long an initial access token may be used. */
export interface InitialAccessTokenTerms {
  /** What the administrator calls it; may be empty. */
  readonly label: string;
  readonly maximumUses: number;
  readonly expiresAt: Instant;
}

const day = 86_400_000;
const shortestLifetime = 60_000;
const longestLifetime = 365 * day;
const mostUses = 100_000;
const longestLabel = 200;

/**
 * The terms that an administrator asks for: one use within seven days unless said otherwise. The lifetime is in milliseconds.
 * @throws ResourceError invalid
 */
export function parseInitialAccessTokenTerms(
  asked: { readonly label: string; readonly maximumUses?: number | undefined; readonly lifetime?: number | undefined },
  now: Instant,
): InitialAccessTokenTerms {
  const { label, maximumUses = 1, lifetime = 7 * day } = asked;
  if (!isDisplayText(label, longestLabel)) throw invalid(`label must be one line of at most ${longestLabel} characters`);
  if (!Number.isSafeInteger(maximumUses) || maximumUses < 1 || maximumUses > mostUses) {
    throw invalid(`uses must be a whole number from 1 to ${mostUses}`);
  }
  if (!Number.isSafeInteger(lifetime) || lifetime < shortestLifetime || lifetime > longestLifetime) {
    throw invalid(`lifetime must be a whole number of milliseconds from ${shortestLifetime} to ${longestLifetime}`);
  }
  return { label, maximumUses, expiresAt: later(now, lifetime) };
}

function invalid(description: string): ResourceError {
  return new ResourceError("invalid", description);
}
