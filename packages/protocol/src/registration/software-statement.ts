import { OAuthError } from "../errors.ts";
import { epochSeconds, type Instant } from "../instant.ts";
import type { CompactJwt } from "../jwt/compact-jwt.ts";
import type { StatementIssuer } from "./statement-issuer.ts";

const toleranceSeconds = 60;

/**
 * Who made the statement, RFC 7591 section 2.3, as far as the tenant approves of them.
 * @throws OAuthError unapproved_software_statement; invalid_software_statement where it does not say who
 */
export function statementIssuer({ claims }: CompactJwt, issuers: readonly StatementIssuer[]): StatementIssuer {
  if (typeof claims.iss !== "string") throw invalidStatement("the software statement must have iss");
  const found = issuers.find(({ issuer }) => issuer === claims.iss);
  if (found === undefined) {
    throw new OAuthError("unapproved_software_statement", "software statements of this issuer are not approved here");
  }
  return found;
}

/**
 * Checks that the statement is good at `now`, by `exp` and `nbf` (RFC 7519 sections 4.1.4 and 4.1.5), either of which may be missing.
 * @throws OAuthError invalid_software_statement
 */
export function checkStatementTimes({ claims }: CompactJwt, now: Instant): void {
  const seconds = epochSeconds(now);
  if (claims.exp !== undefined && !(isMoment(claims.exp) && claims.exp + toleranceSeconds > seconds)) {
    throw invalidStatement("the software statement has expired, or its exp is no number");
  }
  if (claims.nbf !== undefined && !(isMoment(claims.nbf) && claims.nbf - toleranceSeconds <= seconds)) {
    throw invalidStatement("the software statement is not good yet, or its nbf is no number");
  }
}

/** What is wrong with a software statement, RFC 7591 section 3.2.2. */
export function invalidStatement(description: string, cause?: unknown): OAuthError {
  return new OAuthError("invalid_software_statement", description, { cause });
}

function isMoment(value: unknown): value is number {
  return typeof value === "number" && Number.isFinite(value);
}
