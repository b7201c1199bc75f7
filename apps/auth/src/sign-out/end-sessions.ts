import type { Tenant } from "@signet/protocol";
import { onBehalfOf } from "@signet/rpc";
import type { StoredSession } from "@signet/storage";
import type { CallContext } from "nice-grpc-common";
import type { AuthDependencies } from "../auth-dependencies.ts";

export type SessionEndDependencies = Pick<AuthDependencies, "stores" | "tokens" | "clock">;

/**
 * Ends sessions, with what was granted in them.
 * @throws ResourceError unavailable: then sessions may stand that were to end, and the call is to be made again
 */
export async function endSessions(
  tenant: Tenant,
  sessions: readonly StoredSession[],
  { stores, tokens }: SessionEndDependencies,
  context: CallContext,
): Promise<void> {
  for (const { hash, publicId } of sessions) {
    await tokens.endSession({ tenant: tenant.name, sid: publicId }, onBehalfOf(context));
    await stores.sessions.end(tenant.id, hash);
  }
}
