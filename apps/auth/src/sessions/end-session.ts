import type { auth } from "@signet/contracts";
import { hashSecret, parseSecret, type Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";

/** Ends the session of the cookie's value. Nothing happens where there is none. */
export async function endSession(
  tenant: Tenant,
  { session }: auth.EndSessionRequest,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<auth.EndSessionResponse> {
  const value = parseSecret(session);
  if (value !== undefined) await stores.sessions.end(tenant.id, hashSecret(value));
  return {};
}
