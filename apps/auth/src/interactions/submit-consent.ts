import type { auth } from "@signet/contracts";
import {
  type AuthorizationResponse,
  consentKeys,
  consentSubject,
  decide,
  OAuthError,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { issueCode } from "../authorization/issue-code.ts";
import { toRedirect } from "../authorization/redirect-message.ts";
import { type Asked, finish, refuse, whatWasAsked, whoAnswers } from "./asked.ts";
import { asksForTheSame } from "./interaction-request.ts";
import { interactionIsOver } from "./open-interaction.ts";

type Dependencies = Omit<AuthDependencies, "passwords">;

/**
 * The answer of the person who was asked. A refusal needs only the browser that the interaction is bound to.
 * @throws ResourceError not_found where the interaction is over; unauthenticated where whoever was asked is no longer signed in, and has to
 * sign in on the interaction's page first; OAuthError where its request may no longer be answered
 */
export async function submitConsent(
  tenant: Tenant,
  message: auth.SubmitConsentRequest,
  dependencies: Dependencies,
): Promise<auth.SubmitConsentResponse> {
  const asked = await whatWasAsked(tenant, message, dependencies);
  const response = message.allowed
    ? await allow(asked, message.session, dependencies)
    : await refuse(asked, new OAuthError("access_denied", "the user did not agree"), dependencies);
  return { redirect: toRedirect(response) };
}

async function allow(asked: Asked, cookie: string, dependencies: Dependencies): Promise<AuthorizationResponse> {
  const { tenant, interaction, request, now } = asked;
  const answering = await whoAnswers(asked, cookie, dependencies);
  if (answering === undefined) throw signInFirst();
  if (!asksForTheSame(interaction, request)) throw interactionIsOver();
  const { session, user, reauthenticated } = answering;
  const decision = decide({ request, session, consented: true, reauthenticated, choice: interaction.choice, now });
  if (decision.kind !== "consent" && decision.kind !== "issue-code") throw signInFirst();
  await finish(asked, dependencies);
  const agreed = consentKeys(consentSubject(request));
  await dependencies.stores.consents.allow(tenant.id, user.id, request.client.id, agreed, now);
  return issueCode(tenant, { request, session, epoch: user.epoch, now }, dependencies);
}

function signInFirst(): ResourceError {
  return new ResourceError("unauthenticated", "the session has ended; sign in again");
}
