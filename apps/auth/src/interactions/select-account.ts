import { auth } from "@signet/contracts";
import {
  type AccountChoice,
  type AuthorizationRequest,
  type AuthorizationResponse,
  consentSubject,
  decide,
  errorResponse,
  type Instant,
  isConsented,
  issuerOf,
  OAuthError,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { StoredInteraction } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { issueCode } from "../authorization/issue-code.ts";
import { toRedirect } from "../authorization/redirect-message.ts";
import { resumeRequest } from "./interaction-request.ts";
import { findInteractionSession, interactionIsOver, isReauthenticated, openInteraction } from "./open-interaction.ts";
import { stepOf } from "./step-of.ts";

type Dependencies = Omit<AuthDependencies, "passwords">;

/** What somebody was asked, at the moment of their answer. */
interface Asked {
  readonly tenant: Tenant;
  readonly interaction: StoredInteraction;
  readonly request: AuthorizationRequest;
  readonly now: Instant;
}

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
  const { stores, directory, clock } = dependencies;
  const now = clock();
  const interaction = await openInteraction(tenant, message, now, stores);
  const request = await resumeRequest(tenant, interaction, directory);
  if (request === undefined) throw interactionIsOver();
  const asked = { tenant, interaction, request, now };
  switch (message.choice) {
    case auth.AccountChoice.SAME:
      return goOn(asked, message.session, dependencies);
    case auth.AccountChoice.ANOTHER:
      return chose(asked, "another", auth.Step.SIGN_IN, dependencies);
    case auth.AccountChoice.NONE: {
      const error = new OAuthError("account_selection_required", "the user did not choose an account");
      return finish(
        asked,
        async () => errorResponse(request, error, issuerOf(dependencies.publicUrl, tenant.name)),
        dependencies,
      );
    }
    default:
      throw new ResourceError("invalid", "the choice of an account is missing");
  }
}

/** With the account that is signed in: to the application at once where nothing else is to be asked. */
async function goOn(asked: Asked, cookie: string, dependencies: Dependencies): Promise<auth.SelectAccountResponse> {
  const { tenant, interaction, request, now } = asked;
  const { stores, publicUrl } = dependencies;
  const present = await findInteractionSession(tenant, interaction, cookie, now, stores);
  if (present === undefined) return next(auth.Step.SIGN_IN);
  const { session, user } = present;
  const allowed = await stores.consents.find(tenant.id, user.id, request.client.id);
  const consented = isConsented(consentSubject(request), allowed);
  const reauthenticated = isReauthenticated(interaction, session);
  const decision = decide({ request, session, consented, reauthenticated, choice: "same", now });
  if (decision.kind === "issue-code") {
    const issue = { request, session, epoch: user.epoch, now };
    return finish(asked, () => issueCode(tenant, issue, dependencies), dependencies);
  }
  if (decision.kind === "refuse") {
    return finish(asked, async () => errorResponse(request, decision.error, issuerOf(publicUrl, tenant.name)), dependencies);
  }
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

/** Of two answers only one gets past the end of the interaction. */
async function finish(
  { tenant, interaction, now }: Asked,
  answer: () => Promise<AuthorizationResponse>,
  { stores }: Dependencies,
): Promise<auth.SelectAccountResponse> {
  if ((await stores.interactions.finish(tenant.id, interaction.id, now)) === undefined) throw interactionIsOver();
  return { outcome: { $case: "redirect", value: toRedirect(await answer()) } };
}

function next(step: auth.Step): auth.SelectAccountResponse {
  return { outcome: { $case: "next", value: step } };
}
