import type { AuthorizationRequest, Instant, Tenant } from "@signet/protocol";
import type { StoredInteraction } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { resumeRequest } from "./interaction-request.ts";
import { type InteractionReference, interactionIsOver, openInteraction } from "./open-interaction.ts";

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

/**
 * Ends the interaction: of two answers only one gets past it.
 * @throws ResourceError not_found for the other
 */
export async function finish({ tenant, interaction, now }: Asked, { stores }: Pick<AuthDependencies, "stores">): Promise<void> {
  if ((await stores.interactions.finish(tenant.id, interaction.id, now)) === undefined) throw interactionIsOver();
}
