import { auth } from "@signet/contracts";
import { type AuthorizationRequest, consentSubject, decide, type Instant, redirectTarget, type Tenant } from "@signet/protocol";
import type { StoredInteraction } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import type { PresentSession } from "../sessions/present-session.ts";
import { toSignedInUser } from "../users/user-message.ts";
import { applicationView } from "./application-view.ts";
import { claimViews } from "./claim-views.ts";
import { asksForTheSame, resumeRequest } from "./interaction-request.ts";
import { findInteractionSession, interactionIsOver, isReauthenticated, openInteraction } from "./open-interaction.ts";
import { scopeViews } from "./scope-views.ts";
import { stepOf } from "./step-of.ts";

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
  const step = request === undefined ? signedInStep(present) : currentStep(interaction, request, present, now);
  if (step === auth.Step.CONSENT && request !== undefined && !asksForTheSame(interaction, request)) throw interactionIsOver();
  const asked = step === auth.Step.CONSENT ? request : undefined;
  return {
    step,
    branding: { ...tenant.branding },
    application: request && applicationView(request.client, redirectTarget(request.redirectUri)),
    loginHint: loginHint(interaction, request, present),
    user: step === auth.Step.SIGN_IN || present === undefined ? undefined : toSignedInUser(present.user),
    scopes: asked === undefined ? [] : scopeViews(asked.scopes, asked.client),
    claims: asked === undefined ? [] : claimViews(consentSubject(asked).claims),
    redirectTarget: request === undefined ? "" : redirectTarget(request.redirectUri),
  };
}

function signedInStep(present: PresentSession | undefined): auth.Step {
  return present === undefined ? auth.Step.SIGN_IN : auth.Step.SIGNED_IN;
}

/** Consent is looked at again when it is submitted: where it was given in another tab meanwhile, the page still asks. */
function currentStep(
  interaction: StoredInteraction,
  request: AuthorizationRequest,
  present: PresentSession | undefined,
  now: Instant,
): auth.Step {
  const session = present?.session;
  const reauthenticated = session !== undefined && isReauthenticated(interaction, session);
  return stepOf(decide({ request, session, consented: false, reauthenticated, choice: interaction.choice, now }));
}

/** Whoever goes on with the account that is signed in, and has to sign in again, need not type its name; whoever wants another one has a name to type. */
function loginHint(
  { choice }: StoredInteraction,
  request: AuthorizationRequest | undefined,
  present: PresentSession | undefined,
): string {
  if (choice === "another") return "";
  return (choice === "same" ? present?.user.username : undefined) ?? request?.loginHint ?? "";
}
