import { type AuthorizationRequest, mayBeAnsweredFor, type Tenant, type UserId } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";

/**
 * Whether the request may be answered for this user, whom it may name by what its client knows them by. A request that names nobody costs nothing.
 * @throws ResourceError unavailable
 */
export async function mayAnswerFor(
  tenant: Tenant,
  request: AuthorizationRequest,
  user: UserId,
  { subjects }: Pick<AuthDependencies, "subjects">,
): Promise<boolean> {
  return request.expectedSubjects === undefined || mayBeAnsweredFor(request, await subjects.of(tenant, request.client, user));
}
