import { createClientKeys } from "@signet/client-keys";
import { registry } from "@signet/contracts";
import {
  type CompactJwt,
  checkStatementTimes,
  clientSigningAlgorithms,
  type Instant,
  invalidStatement,
  JwtRefused,
  OAuthError,
  parseCompactJwt,
  type RegistrationSettings,
  statementIssuer,
} from "@signet/protocol";
import type { StoredRegistration, StoredTenant } from "@signet/storage";
import { type StatedMembers, statedMembers } from "../clients/stated-members.ts";
import type { RegistryDependencies } from "../registry-dependencies.ts";

/** What an approved software statement says of a client. */
export interface ApprovedStatement extends StatedMembers {
  /** As it was sent. */
  readonly softwareStatement?: string;
}

/**
 * What the statement that was sent says, once it is known to be signed by somebody of whom the tenant approves; what the client's own, which was sent earlier,
 * says, where none was sent (RFC 7591 section 2.3). Both are empty for none.
 * @throws OAuthError invalid_software_statement, unapproved_software_statement; invalid_client_metadata where there has to be one
 */
export async function approvedStatement(
  sent: string,
  own: string,
  { id: tenantId, settings: { registration: settings } }: Pick<StoredTenant, "id" | "settings">,
  now: Instant,
  { outbound }: Pick<RegistryDependencies, "outbound">,
): Promise<ApprovedStatement> {
  if (sent === "" || sent === own) return ownStatement(own, settings);
  const jwt = parsedStatement(sent);
  const issuer = statementIssuer(jwt, settings.statementIssuers);
  checkStatementTimes(jwt, now);
  try {
    await createClientKeys({ outbound }).verify(jwt, { tenantId, metadata: issuer }, clientSigningAlgorithms);
  } catch (cause) {
    if (!(cause instanceof JwtRefused)) throw cause;
    throw invalidStatement("the software statement is not signed by a key of its issuer's", cause);
  }
  return { softwareStatement: sent, ...statedMembers(jwt.claims) };
}

/** What the client keeps of it. */
export function statementOf({ softwareStatement }: ApprovedStatement): Pick<StoredRegistration, "softwareStatement"> {
  return softwareStatement === undefined ? {} : { softwareStatement };
}

/** It was verified when it came, and does not wear out. */
function ownStatement(own: string, { softwareStatements }: RegistrationSettings): ApprovedStatement {
  if (own !== "") return { softwareStatement: own, ...statedMembers(parsedStatement(own).claims) };
  if (softwareStatements === "required") throw new OAuthError("invalid_client_metadata", "software_statement is needed here");
  return { metadata: registry.ClientMetadata.create(), members: [] };
}

function parsedStatement(statement: string): CompactJwt {
  try {
    return parseCompactJwt(statement);
  } catch (cause) {
    if (!(cause instanceof JwtRefused)) throw cause;
    throw invalidStatement("the software statement must be a signed JWT in its compact form, of at most 16384 characters", cause);
  }
}
