import type { auth } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import { requireTenant } from "@signet/registry-client";
import type { CallContext } from "nice-grpc-common";
import type { AuthDependencies } from "./auth-dependencies.ts";
import { authorize } from "./authorization/authorize.ts";
import { redeemCode } from "./codes/redeem-code.ts";
import { getInteraction } from "./interactions/get-interaction.ts";
import { selectAccount } from "./interactions/select-account.ts";
import { startSignIn } from "./interactions/start-interaction.ts";
import { submitConsent } from "./interactions/submit-consent.ts";
import { submitSignIn } from "./interactions/submit-sign-in.ts";
import { endSession } from "./sessions/end-session.ts";
import { getSession } from "./sessions/get-session.ts";
import { signOut } from "./sign-out/sign-out.ts";
import { createUser } from "./users/create-user.ts";
import { deleteUser } from "./users/delete-user.ts";
import { getUser } from "./users/get-user.ts";
import { getUserClaims } from "./users/get-user-claims.ts";
import { listUsers } from "./users/list-users.ts";
import { updateUser } from "./users/update-user.ts";

type UseCase<Request, Response> = (
  tenant: Tenant,
  request: Request,
  dependencies: AuthDependencies,
  /** Of the call: what is asked of other services on its behalf ends when that does. */
  context: CallContext,
) => Promise<Response>;

/** People and their sessions. Every call names its tenant, and finds nothing of another's. */
export function createAuthService(dependencies: AuthDependencies): auth.AuthServiceImplementation {
  const inTenant =
    <Request extends { readonly tenant: string }, Response>(useCase: UseCase<Request, Response>) =>
    async (request: Request, context: CallContext): Promise<Response> =>
      useCase(await requireTenant(request.tenant, dependencies.directory), request, dependencies, context);
  return {
    authorize: inTenant(authorize),
    startSignIn: inTenant(startSignIn),
    getInteraction: inTenant(getInteraction),
    submitSignIn: inTenant(submitSignIn),
    selectAccount: inTenant(selectAccount),
    submitConsent: inTenant(submitConsent),
    getSession: inTenant(getSession),
    endSession: inTenant(endSession),
    signOut: inTenant(signOut),
    redeemCode: inTenant(redeemCode),
    getUserClaims: inTenant(getUserClaims),
    createUser: inTenant(createUser),
    getUser: inTenant(getUser),
    listUsers: inTenant(listUsers),
    updateUser: inTenant(updateUser),
    deleteUser: inTenant(deleteUser),
  };
}
