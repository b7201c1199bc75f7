import {
  hashSecret,
  type Instant,
  isSameHash,
  isSecretOf,
  parseInteractionId,
  parseSecret,
  ResourceError,
  type SecretHash,
  type Tenant,
} from "@signet/protocol";
import type { AuthStores, StoredInteraction, StoredSession } from "@signet/storage";
import { findPresentSession, type PresentSession } from "../sessions/present-session.ts";
import { sessionOfRequest } from "./interaction-request.ts";

/** How a browser names its interaction. */
export interface InteractionReference {
  readonly id: string;
  readonly secret: string;
}

/** The same for an interaction that is unknown, over, or another browser's. */
export function interactionIsOver(): ResourceError {
  return new ResourceError(
    "not_found",
    "this sign-in is over, or it was begun in another browser; go back to the application and begin again",
  );
}

/** @throws ResourceError not_found where the interaction is unknown, over, or another browser's */
export async function openInteraction(
  tenant: Tenant,
  reference: InteractionReference,
  now: Instant,
  { interactions }: Pick<AuthStores, "interactions">,
): Promise<StoredInteraction> {
  const id = parseInteractionId(reference.id);
  const secret = parseSecret(reference.secret);
  const interaction = id && secret && (await interactions.find(tenant.id, id, now));
  if (!interaction || !secret || !isSecretOf(secret, interaction.secretHash)) throw interactionIsOver();
  return interaction;
}

/** What an interaction notes of a session: not its value, which a further sign-in of the same user changes, in another tab for example. */
export function sessionMark({ publicId }: Pick<StoredSession, "publicId">): SecretHash {
  return hashSecret(publicId);
}

/** Whether the session began with this very interaction's sign-in. */
export function isReauthenticated({ sessionHash }: StoredInteraction, session: StoredSession): boolean {
  return sessionHash !== undefined && isSameHash(sessionHash, sessionMark(session));
}

/**
 * The browser's session where it is the interaction's: the one that its sign-in began, or else the one that the request came with. What
 * somebody was shown as one user is never decided as another, who signed in in another tab meanwhile.
 */
export async function findInteractionSession(
  tenant: Tenant,
  interaction: StoredInteraction,
  cookie: string,
  now: Instant,
  stores: Pick<AuthStores, "sessions" | "users">,
): Promise<PresentSession | undefined> {
  const present = await findPresentSession(tenant, cookie, now, stores);
  if (present === undefined) return undefined;
  const isIts =
    interaction.sessionHash === undefined
      ? sessionOfRequest(interaction) === present.session.publicId
      : isReauthenticated(interaction, present.session);
  return isIts ? present : undefined;
}
