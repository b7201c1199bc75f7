import type { auth } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import type { CallContext } from "nice-grpc-common";
import { endSessionOf, type SessionEndDependencies } from "../sign-out/end-sessions.ts";
import { findSession } from "./present-session.ts";

/** Ends the session of the cookie's value. Nothing happens where there is none. */
export async function endSession(
  tenant: Tenant,
  { session: cookie }: auth.EndSessionRequest,
  dependencies: SessionEndDependencies,
  context: CallContext,
): Promise<auth.EndSessionResponse> {
  const session = await findSession(tenant, cookie, dependencies.clock(), dependencies.stores);
  if (session !== undefined) await endSessionOf(tenant, session, dependencies, context);
  return {};
}
