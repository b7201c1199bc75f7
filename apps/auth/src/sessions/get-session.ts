import type { auth } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { toSignedInUser } from "../users/user-message.ts";
import { findPresentSession } from "./present-session.ts";

/** Who is signed in, if anybody is. */
export async function getSession(
  tenant: Tenant,
  { session }: auth.GetSessionRequest,
  { stores, clock }: Pick<AuthDependencies, "stores" | "clock">,
): Promise<auth.GetSessionResponse> {
  const present = await findPresentSession(tenant, session, clock(), stores);
  return { user: present && toSignedInUser(present.user) };
}
