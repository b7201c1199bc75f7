import { auth } from "@signet/contracts";
import { hashSecret, later, newInteractionId, newSecret, type SentAuthorizationRequest, type Tenant } from "@signet/protocol";
import type { StoredSession } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { storeRequest } from "./interaction-request.ts";

/** How long somebody may take to sign in and to agree. */
const interactionLifetimeMilliseconds = 60 * 60 * 1000;

/** What an interaction is about. */
export interface InteractionSubject {
  /** Absent for a sign-in without an application. */
  readonly request?: SentAuthorizationRequest;
  /** The session that the request came with. */
  readonly session?: StoredSession | undefined;
  /** What the request asks for, as a consent to it is kept. */
  readonly asksFor?: readonly string[];
}

/** Begins an interaction that is only the browser's that holds the secret: a link to it, sent to somebody else, opens nothing. */
export async function startInteraction(
  tenant: Tenant,
  step: auth.Step,
  { request, session, asksFor = [] }: InteractionSubject,
  { stores, clock, random }: Pick<AuthDependencies, "stores" | "clock" | "random">,
): Promise<auth.StartedInteraction> {
  const id = newInteractionId(random);
  const secret = newSecret(random);
  await stores.interactions.save({
    id,
    tenantId: tenant.id,
    secretHash: hashSecret(secret),
    expiresAt: later(clock(), interactionLifetimeMilliseconds),
    ...(request === undefined ? {} : { request: storeRequest(request, session, asksFor) }),
  });
  return { id, secret, step };
}

/** A sign-in without an application. */
export async function startSignIn(
  tenant: Tenant,
  _request: auth.StartSignInRequest,
  dependencies: Pick<AuthDependencies, "stores" | "clock" | "random">,
): Promise<auth.StartSignInResponse> {
  return { interaction: await startInteraction(tenant, auth.Step.SIGN_IN, {}, dependencies) };
}
