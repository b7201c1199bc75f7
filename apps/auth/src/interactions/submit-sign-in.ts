import { auth } from "@signet/contracts";
import {
  type AuthorizationRequest,
  consentSubject,
  type Decision,
  decide,
  Explanation,
  errorResponse,
  isConsented,
  issuerOf,
  OAuthError,
  type Tenant,
} from "@signet/protocol";
import type { StoredInteraction, StoredSession, StoredUser } from "@signet/storage";
import type { CallContext } from "nice-grpc-common";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { issueCode } from "../authorization/issue-code.ts";
import { mayAnswerFor } from "../authorization/may-answer-for.ts";
import { toRedirect } from "../authorization/redirect-message.ts";
import { authenticate } from "../passwords/authenticate.ts";
import { newSession } from "../sessions/new-session.ts";
import { findSession, maySignIn } from "../sessions/present-session.ts";
import { endSessionOf } from "../sign-out/end-sessions.ts";
import { resumeRequest } from "./interaction-request.ts";
import { interactionIsOver, openInteraction, sessionMark } from "./open-interaction.ts";

type Stores = AuthDependencies["stores"];

/** Who signed in, and what for; without an application there is neither a request nor a decision. */
interface SignedIn {
  readonly tenant: Tenant;
  readonly request: AuthorizationRequest | undefined;
  readonly decision: Decision | undefined;
  readonly session: StoredSession;
  readonly user: StoredUser;
}

/** For whoever tried one answer alone; which rule it was, the tenant's administrator may know. */
function rejected(rule: string): auth.SubmitSignInResponse {
  return { outcome: { $case: "rejected", value: { explanation: new Explanation({ rule }) } }, session: undefined };
}

/**
 * Signs the browser in. The session is always a new one, and the browser's former one ends.
 * @throws ResourceError not_found where the interaction is over, OAuthError where its request may no longer be answered, RateLimitedError where the account
 * or the address was wrong too often
 */
export async function submitSignIn(
  tenant: Tenant,
  message: auth.SubmitSignInRequest,
  dependencies: AuthDependencies,
  context: CallContext,
): Promise<auth.SubmitSignInResponse> {
  const { stores, directory, clock, random } = dependencies;
  const interaction = await openInteraction(tenant, message, clock(), stores);
  const request = await resumeRequest(tenant, interaction, directory);
  const evaluate = () => authenticate(tenant, message, dependencies);
  const authenticated = await dependencies.signIns.within(tenant, message, evaluate);
  if (authenticated.user === undefined) return rejected(authenticated.refusedBy);

  const now = clock();
  const replaced = await findSession(tenant, message.session, now, stores);
  const { session, value } = newSession(tenant, authenticated.user, replaced, now, random);
  const decision = request && (await decideAfterSignIn(tenant, request, session, dependencies));
  await claimInteraction(tenant, interaction, session, decision, stores);
  // Somebody else's session ends as by their own sign-out.
  if (replaced !== undefined && replaced.userId !== session.userId) {
    await endSessionOf(tenant, replaced, dependencies, context);
  }
  await stores.sessions.start(session, replaced?.hash);
  const user = await lookAgain(tenant, authenticated.user, session, stores);
  if (user === undefined) return rejected("the user was not changed while they signed in");

  return {
    outcome: await outcomeOf({ tenant, request, decision, session, user }, dependencies),
    session: { value, expiresAt: session.expiresAt },
  };
}

async function decideAfterSignIn(
  tenant: Tenant,
  request: AuthorizationRequest,
  session: StoredSession,
  { stores, subjects }: Pick<AuthDependencies, "stores" | "subjects">,
): Promise<Decision> {
  if (!(await mayAnswerFor(tenant, request, session.userId, { subjects }))) {
    const error = new OAuthError("login_required", "another user signed in than the one whom the request names");
    return { kind: "refuse", error };
  }
  const allowed = await stores.consents.find(tenant.id, session.userId, request.client.id);
  const consented = isConsented(consentSubject(request), allowed);
  return decide({ request, session, consented, reauthenticated: true, choice: undefined, now: session.authTime });
}

/** Of two submits of one form only one goes on: the interaction ends with the sign-in, or goes on with its session. */
async function claimInteraction(
  tenant: Tenant,
  { id }: StoredInteraction,
  session: StoredSession,
  decision: Decision | undefined,
  { interactions }: Pick<Stores, "interactions">,
): Promise<void> {
  if (decision === undefined || decision.kind === "consent") {
    const noted = await interactions.signedIn(tenant.id, id, sessionMark(session), session.authTime);
    if (noted === "unknown") throw interactionIsOver();
  } else if ((await interactions.finish(tenant.id, id, session.authTime)) === undefined) {
    throw interactionIsOver();
  }
}

/**
 * The user as they are now that the session is there. A block or a new password ends the user's sessions: it either found this one, or came
 * before it, and then shows here.
 */
async function lookAgain(
  tenant: Tenant,
  before: StoredUser,
  session: StoredSession,
  { users, sessions }: Pick<Stores, "users" | "sessions">,
): Promise<StoredUser | undefined> {
  const user = await users.find(tenant.id, before.id);
  if (maySignIn(tenant, user) && user.passwordHash === before.passwordHash) return user;
  await sessions.end(tenant.id, session.hash);
  return undefined;
}

async function outcomeOf(
  { tenant, request, decision, session, user }: SignedIn,
  dependencies: AuthDependencies,
): Promise<auth.SubmitSignInResponse["outcome"]> {
  if (request === undefined || decision === undefined) return { $case: "next", value: auth.Step.SIGNED_IN };
  if (decision.kind === "refuse") {
    const { publicUrl } = dependencies;
    return { $case: "redirect", value: toRedirect(errorResponse(request, decision.error, issuerOf(publicUrl, tenant.name))) };
  }
  if (decision.kind !== "issue-code") return { $case: "next", value: auth.Step.CONSENT };
  const issue = { request, session, epoch: user.epoch, now: session.authTime };
  return { $case: "redirect", value: toRedirect(await issueCode(tenant, issue, dependencies)) };
}
