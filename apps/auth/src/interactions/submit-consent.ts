import type { auth } from "@signet/contracts";
import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  consentKeys,
  consentSubject,
  decide,
  errorResponse,
  type Instant,
  issuerOf,
  OAuthError,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { StoredInteraction } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { issueCode } from "../authorization/issue-code.ts";
import { toRedirect } from "../authorization/redirect-message.ts";
import { asksForTheSame, resumeRequest } from "./interaction-request.ts";
import { findInteractionSession, interactionIsOver, isReauthenticated, openInteraction } from "./open-interaction.ts";

type Dependencies = Omit<AuthDependencies, "passwords">;

/** What somebody was asked, at the moment of their answer. */
interface Asked {
  readonly tenant: Tenant;
  readonly interaction: StoredInteraction;
  readonly request: AuthorizationRequest;
  readonly now: Instant;
}

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
  const { stores, directory, clock, publicUrl } = dependencies;
  const now = clock();
  const interaction = await openInteraction(tenant, message, now, stores);
  const request = await resumeRequest(tenant, interaction, directory);
  if (request === undefined) throw interactionIsOver();
  const asked = { tenant, interaction, request, now };
  if (message.allowed) return { redirect: toRedirect(await allow(asked, message.session, dependencies)) };
  await finish(asked, dependencies);
  const denied = new OAuthError("access_denied", "the user did not agree");
  return { redirect: toRedirect(errorResponse(request, denied, issuerOf(publicUrl, tenant.name))) };
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

/** The one step that only one of two submits gets past. */
async function finish({ tenant, interaction, now }: Asked, { stores }: Dependencies): Promise<void> {
  if ((await stores.interactions.finish(tenant.id, interaction.id, now)) === undefined) throw interactionIsOver();
}

function signInFirst(): ResourceError {
  return new ResourceError("unauthenticated", "the session has ended; sign in again");
}
