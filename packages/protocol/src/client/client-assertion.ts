import { z } from "zod";
import { epochSeconds, type Instant, instant, later } from "../instant.ts";
import { type CompactJwt, JwtRefused } from "../jwt/compact-jwt.ts";
import {
  type ClientMetadata,
  type ClientSecretAlgorithm,
  type ClientSigningAlgorithm,
  clientSecretAlgorithms,
  clientSigningAlgorithms,
} from "./client.ts";

/** RFC 7523 section 2.2: the one type of assertion that Signet knows. */
export const jwtBearerAssertionType = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

const toleranceMilliseconds = 60_000;
const longestLifetimeMilliseconds = 10 * 60_000;

const numericDate = z.number().nonnegative().max(1e11);
const claimsShape = z.object({
  iss: z.string(),
  sub: z.string(),
  aud: z.union([z.string(), z.array(z.string()).max(20)]),
  exp: numericDate,
  nbf: numericDate.optional(),
  iat: numericDate.optional(),
  jti: z.string().min(1).max(256),
});

/** The types that an assertion may say it has: another says that it is meant for something else (RFC 8725 section 3.11). */
const types: ReadonlySet<string> = new Set(["jwt", "client-authentication+jwt"]);

/** What an assertion is good for: one use, within a time. */
export interface AssertionUse {
  readonly jti: string;
  /** As far as it says: before then it was not there. */
  readonly usableFrom: Instant;
  readonly usableUntil: Instant;
}

export interface AssertionExpectation {
  readonly clientId: string;
  /** Any of them: the issuer, and the token endpoint's addresses (RFC 7523 section 3). */
  readonly audiences: readonly string[];
  readonly now: Instant;
}

/**
 * Whether the claims of an assertion are those with which this client may authenticate here and now: RFC 7523 section 3, OpenID Connect Core section 9. The
 * clocks may be a minute apart; an assertion may be good for ten minutes at most, so that its use need not be remembered for longer.
 * @throws JwtRefused
 */
export function checkAssertionClaims(
  { header, claims }: CompactJwt,
  { clientId, audiences, now }: AssertionExpectation,
): AssertionUse {
  if (header.typ !== undefined && !types.has(header.typ.toLowerCase())) {
    throw new JwtRefused("its typ says that it is meant for something else", { expected: "JWT", sent: header.typ });
  }
  const parsed = claimsShape.safeParse(claims);
  if (!parsed.success) throw new JwtRefused(`these claims are missing or of another type: ${namesIn(parsed.error)}`);
  const { iss, sub, aud, exp, nbf, iat, jti } = parsed.data;
  if (iss !== clientId || sub !== clientId) {
    throw new JwtRefused("iss and sub must be the client's id", { expected: clientId, sent: `${iss} and ${sub}` });
  }
  const named = typeof aud === "string" ? [aud] : aud;
  if (!named.some((audience) => audiences.includes(audience))) {
    throw new JwtRefused("aud must be the issuer or the address of the token endpoint", {
      expected: audiences.join(" or "),
      sent: named.join(" "),
    });
  }
  // Whole milliseconds, as stores keep them: a NumericDate may have any fraction (RFC 7519 section 2).
  const usableUntil = instant(Math.ceil(exp * 1000));
  const instants = { expected: `now is ${epochSeconds(now)}`, sent: String(exp) };
  if (usableUntil <= now) throw new JwtRefused("exp: it has expired", instants);
  if (usableUntil > later(now, longestLifetimeMilliseconds + toleranceMilliseconds)) {
    throw new JwtRefused(`exp must be at most ${longestLifetimeMilliseconds / 60_000} minutes ahead`, instants);
  }
  for (const [name, seconds] of [
    ["nbf", nbf],
    ["iat", iat],
  ] as const) {
    if (seconds !== undefined && seconds * 1000 > later(now, toleranceMilliseconds))
      throw new JwtRefused(`${name} is in the future`, { ...instants, sent: String(seconds) });
  }
  const from = Math.max(usableUntil - longestLifetimeMilliseconds - toleranceMilliseconds, (iat ?? 0) * 1000, (nbf ?? 0) * 1000);
  return { jti, usableFrom: instant(Math.floor(from)), usableUntil };
}

function namesIn({ issues }: z.ZodError): string {
  return issues.map(({ path }) => path.join(".")).join(", ");
}

/** What the client may sign its assertions with: the one algorithm that it is registered for, or all of its method. */
export function assertionAlgorithms({
  tokenEndpointAuthMethod,
  tokenEndpointAuthSigningAlg,
}: ClientMetadata): readonly (ClientSigningAlgorithm | ClientSecretAlgorithm)[] {
  const all: readonly (ClientSigningAlgorithm | ClientSecretAlgorithm)[] =
    tokenEndpointAuthMethod === "private_key_jwt"
      ? clientSigningAlgorithms
      : tokenEndpointAuthMethod === "client_secret_jwt"
        ? clientSecretAlgorithms
        : [];
  return tokenEndpointAuthSigningAlg === undefined ? all : all.filter((algorithm) => algorithm === tokenEndpointAuthSigningAlg);
}
