import type { token } from "@signet/contracts";
import { type Clock, parseSessionPublicId, type Tenant } from "@signet/protocol";
import type { GrantStore } from "@signet/storage";

export interface EndSessionDependencies {
  readonly grants: GrantStore;
  readonly clock: Clock;
}

/** Ends what was granted in the session, and with it the access and refresh tokens that came of it. */
export async function endSession(
  tenant: Tenant,
  { sid }: token.EndSessionRequest,
  { grants, clock }: EndSessionDependencies,
): Promise<token.EndSessionResponse> {
  const session = parseSessionPublicId(sid);
  if (session !== undefined) await grants.endSession(tenant.id, session, clock());
  return {};
}
