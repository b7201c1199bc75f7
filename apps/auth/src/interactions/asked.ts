import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  errorResponse,
  type Instant,
  issuerOf,
  type OAuthError,
  type Tenant,
} from "@signet/protocol";
import type { StoredInteraction } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import type { PresentSession } from "../sessions/present-session.ts";
import { resumeRequest } from "./interaction-request.ts";
import {
  findInteractionSession,
  type InteractionReference,
  interactionIsOver,
  isReauthenticated,
  openInteraction,
} from "./open-interaction.ts";

/** What somebody was asked, at the moment of their answer. */
export interface Asked {
  readonly tenant: Tenant;
  readonly interaction: StoredInteraction;
  readonly request: AuthorizationRequest;
  readonly now: Instant;
}

/**
 * What the person was asked who answers now.
 * @throws ResourceError not_found where the interaction is over, or has no request; OAuthError where its request may no longer be answered
 */
export async function whatWasAsked(
  tenant: Tenant,
  reference: InteractionReference,
  { stores, directory, clock }: Pick<AuthDependencies, "stores" | "directory" | "clock">,
): Promise<Asked> {
  const now = clock();
  const interaction = await openInteraction(tenant, reference, now, stores);
  const request = await resumeRequest(tenant, interaction, directory);
  if (request === undefined) throw interactionIsOver();
  return { tenant, interaction, request, now };
}

/** Whoever answers, and whether they signed in for this very interaction. */
export interface Answering extends PresentSession {
  readonly reauthenticated: boolean;
}

/** Who answers what was asked; undefined where nobody is signed in any more, or somebody else than was asked. */
export async function whoAnswers(
  { tenant, interaction, now }: Asked,
  cookie: string,
  { stores }: Pick<AuthDependencies, "stores">,
): Promise<Answering | undefined> {
  const present = await findInteractionSession(tenant, interaction, cookie, now, stores);
  return present && { ...present, reauthenticated: isReauthenticated(interaction, present.session) };
}

/**
 * Ends the interaction with an error for the application.
 * @throws ResourceError not_found where it is over
 */
export async function refuse(
  asked: Asked,
  error: OAuthError,
  dependencies: Pick<AuthDependencies, "stores" | "publicUrl">,
): Promise<AuthorizationResponse> {
  await finish(asked, dependencies);
  return errorResponse(asked.request, error, issuerOf(dependencies.publicUrl, asked.tenant.name));
}

/**
 * Ends the interaction: of two answers only one gets past it.
 * @throws ResourceError not_found for the other
 */
export async function finish({ tenant, interaction, now }: Asked, { stores }: Pick<AuthDependencies, "stores">): Promise<void> {
  if ((await stores.interactions.finish(tenant.id, interaction.id, now)) === undefined) throw interactionIsOver();
}
