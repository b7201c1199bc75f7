import type { auth } from "@signet/contracts";
import {
  type AuthorizationResponse,
  consentKeys,
  consentSubject,
  decide,
  errorResponse,
  issuerOf,
  OAuthError,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { issueCode } from "../authorization/issue-code.ts";
import { toRedirect } from "../authorization/redirect-message.ts";
import { type Asked, finish, whatWasAsked } from "./asked.ts";
import { asksForTheSame } from "./interaction-request.ts";
import { findInteractionSession, interactionIsOver, isReauthenticated } from "./open-interaction.ts";

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
  if (message.allowed) return { redirect: toRedirect(await allow(asked, message.session, dependencies)) };
  await finish(asked, dependencies);
  const denied = new OAuthError("access_denied", "the user did not agree");
  return { redirect: toRedirect(errorResponse(asked.request, denied, issuerOf(dependencies.publicUrl, tenant.name))) };
}

async function allow(asked: Asked, cookie: string, dependencies: Dependencies): Promise<AuthorizationResponse> {
  const { tenant, interaction, request, now } = asked;
  const { stores } = dependencies;
  const present = await findInteractionSession(tenant, interaction, cookie, now, stores);
  if (present === undefined) throw signInFirst();
  if (!asksForTheSame(interaction, request)) throw interactionIsOver();
  const { session, user } = present;
  const reauthenticated = isReauthenticated(interaction, session);
  const decision = decide({ request, session, consented: true, reauthenticated, choice: interaction.choice, now });
  if (decision.kind !== "consent" && decision.kind !== "issue-code") throw signInFirst();
  await finish(asked, dependencies);
  const agreed = consentKeys(consentSubject(request));
  await stores.consents.allow(tenant.id, user.id, request.client.id, agreed, now);
  return issueCode(tenant, { request, session, epoch: user.epoch, now }, dependencies);
}

function signInFirst(): ResourceError {
  return new ResourceError("unauthenticated", "the session has ended; sign in again");
}
