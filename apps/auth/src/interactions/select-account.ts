import { auth } from "@signet/contracts";
import {
  type AccountChoice,
  type AuthorizationResponse,
  consentSubject,
  decide,
  isConsented,
  OAuthError,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { issueCode } from "../authorization/issue-code.ts";
import { toRedirect } from "../authorization/redirect-message.ts";
import { type Asked, finish, refuse, whatWasAsked, whoAnswers } from "./asked.ts";
import { interactionIsOver } from "./open-interaction.ts";
import { stepOf } from "./step-of.ts";

type Dependencies = Omit<AuthDependencies, "passwords">;

/**
 * Which account the person goes on with (OpenID Connect Core section 3.1.2.1, `prompt=select_account`): the one that is signed in, another, for which
 * they sign in next, or none.
 * @throws ResourceError not_found where the interaction is over, invalid; OAuthError where its request may no longer be answered
 */
export async function selectAccount(
  tenant: Tenant,
  message: auth.SelectAccountRequest,
  dependencies: Dependencies,
): Promise<auth.SelectAccountResponse> {
  const asked = await whatWasAsked(tenant, message, dependencies);
  switch (message.choice) {
    case auth.AccountChoice.SAME:
      return goOn(asked, message.session, dependencies);
    case auth.AccountChoice.ANOTHER:
      return chose(asked, "another", auth.Step.SIGN_IN, dependencies);
    case auth.AccountChoice.NONE:
      return redirect(
        await refuse(asked, new OAuthError("account_selection_required", "the user did not choose an account"), dependencies),
      );
    default:
      throw new ResourceError("invalid", "the choice of an account is missing");
  }
}

/** With the account that is signed in: to the application at once where nothing else is to be asked. */
async function goOn(asked: Asked, cookie: string, dependencies: Dependencies): Promise<auth.SelectAccountResponse> {
  const { tenant, request, now } = asked;
  const answering = await whoAnswers(asked, cookie, dependencies);
  if (answering === undefined) return next(auth.Step.SIGN_IN);
  const { session, user, reauthenticated } = answering;
  const allowed = await dependencies.stores.consents.find(tenant.id, user.id, request.client.id);
  const consented = isConsented(consentSubject(request), allowed);
  const decision = decide({ request, session, consented, reauthenticated, choice: "same", now });
  if (decision.kind === "issue-code") {
    await finish(asked, dependencies);
    return redirect(await issueCode(tenant, { request, session, epoch: user.epoch, now }, dependencies));
  }
  if (decision.kind === "refuse") return redirect(await refuse(asked, decision.error, dependencies));
  return chose(asked, "same", stepOf(decision), dependencies);
}

async function chose(
  { tenant, interaction, now }: Asked,
  choice: AccountChoice,
  step: auth.Step,
  { stores }: Dependencies,
): Promise<auth.SelectAccountResponse> {
  const noted = await stores.interactions.chose(tenant.id, interaction.id, choice, now);
  if (noted === "unknown") throw interactionIsOver();
  return next(step);
}

function redirect(response: AuthorizationResponse): auth.SelectAccountResponse {
  return { outcome: { $case: "redirect", value: toRedirect(response) } };
}

function next(step: auth.Step): auth.SelectAccountResponse {
  return { outcome: { $case: "next", value: step } };
}
