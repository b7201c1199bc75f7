import { auth } from "@signet/contracts";
import { type AuthorizationRequest, decide, type Instant, redirectTarget, type Tenant } from "@signet/protocol";
import type { StoredInteraction } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import type { PresentSession } from "../sessions/present-session.ts";
import { toSignedInUser } from "../users/user-message.ts";
import { applicationView } from "./application-view.ts";
import { asksForTheSame, resumeRequest } from "./interaction-request.ts";
import { findInteractionSession, interactionIsOver, isReauthenticated, openInteraction } from "./open-interaction.ts";
import { scopeViews } from "./scope-views.ts";

/** What the page of the interaction shows. Where its session has ended, or is another user's, that is the sign-in; where a consent would be to other scopes than it began with, it is over. */
export async function getInteraction(
  tenant: Tenant,
  message: auth.GetInteractionRequest,
  { stores, directory, clock }: Pick<AuthDependencies, "stores" | "directory" | "clock">,
): Promise<auth.GetInteractionResponse> {
  const now = clock();
  const interaction = await openInteraction(tenant, message, now, stores);
  const request = await resumeRequest(tenant, interaction, directory);
  const present = await findInteractionSession(tenant, interaction, message.session, now, stores);
  const step = request === undefined ? signedInStep(present) : stepOf(interaction, request, present, now);
  if (step === auth.Step.CONSENT && request !== undefined && !asksForTheSame(interaction, request)) throw interactionIsOver();
  return {
    step,
    branding: { ...tenant.branding },
    application: request && applicationView(request.client, redirectTarget(request.redirectUri)),
    loginHint: request?.loginHint ?? "",
    user: step === auth.Step.SIGN_IN || present === undefined ? undefined : toSignedInUser(present.user),
    scopes: request === undefined || step !== auth.Step.CONSENT ? [] : scopeViews(request.scopes, request.client),
    redirectTarget: request === undefined ? "" : redirectTarget(request.redirectUri),
  };
}

function signedInStep(present: PresentSession | undefined): auth.Step {
  return present === undefined ? auth.Step.SIGN_IN : auth.Step.SIGNED_IN;
}

/** Consent is looked at again when it is submitted: where it was given in another tab meanwhile, the page still asks. */
function stepOf(
  interaction: StoredInteraction,
  request: AuthorizationRequest,
  present: PresentSession | undefined,
  now: Instant,
): auth.Step {
  const session = present?.session;
  const reauthenticated = session !== undefined && isReauthenticated(interaction, session);
  const decision = decide({ request, session, consentedScopes: [], reauthenticated, now });
  return decision.kind === "consent" ? auth.Step.CONSENT : auth.Step.SIGN_IN;
}
