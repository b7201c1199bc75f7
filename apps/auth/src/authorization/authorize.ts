import type { auth } from "@signet/contracts";
import {
  type AuthorizationProfile,
  type AuthorizationResponse,
  consentKeys,
  consentSubject,
  decide,
  errorResponse,
  isConsented,
  issuerOf,
  OAuthError,
  parseAuthorizationParameters,
  parseAuthorizationRequest,
  type Tenant,
} from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { startInteraction } from "../interactions/start-interaction.ts";
import { stepOf } from "../interactions/step-of.ts";
import { findSession, maySignIn } from "../sessions/present-session.ts";
import { issueCode } from "./issue-code.ts";
import { mayAnswerFor } from "./may-answer-for.ts";
import { openRequest } from "./open-request.ts";
import { toRedirect } from "./redirect-message.ts";

/**
 * One authorization request of a browser: answered at once, or begun as an interaction.
 * @throws OAuthError where the answer has nowhere to go (RFC 6749 section 4.1.2.1)
 */
export async function authorize(
  tenant: Tenant,
  { parameters: sent, session: cookie, strict }: auth.AuthorizeRequest,
  dependencies: Omit<AuthDependencies, "passwords">,
): Promise<auth.AuthorizeResponse> {
  const { stores, clock, publicUrl } = dependencies;
  const now = clock();
  const { redirection, parameters } = await openRequest(tenant, parseAuthorizationParameters(sent), now, dependencies);
  const refuse = (error: OAuthError) => redirectOutcome(errorResponse(redirection, error, issuerOf(publicUrl, tenant.name)));
  if (parameters instanceof OAuthError) return refuse(parameters);
  const profile: AuthorizationProfile = strict ? "strict" : "standard";
  const request = parseAuthorizationRequest(parameters, redirection, { profile, requirePkce: tenant.settings.requirePkce });
  if (request instanceof OAuthError) return refuse(request);

  const found = await findSession(tenant, cookie, now, stores);
  const person = found && (await stores.users.findWithConsent(tenant.id, found.userId, request.client.id));
  const user = person?.user;
  const isSignedIn = maySignIn(tenant, user) && (await mayAnswerFor(tenant, request, user.id, dependencies));
  const session = isSignedIn ? found : undefined;
  const subject = consentSubject(request);
  const consented = isConsented(subject, person?.allowed ?? []);
  const decision = decide({ request, session, consented, reauthenticated: false, choice: undefined, now });

  if (decision.kind === "refuse") return refuse(decision.error);
  if (decision.kind === "issue-code" && session !== undefined && user !== undefined) {
    const issue = { request, session, epoch: user.epoch, now };
    return redirectOutcome(await issueCode(tenant, issue, dependencies));
  }
  const about = { request: { parameters, profile }, session, asksFor: consentKeys(subject) };
  const interaction = await startInteraction(tenant, stepOf(decision), about, dependencies);
  return { outcome: { $case: "interaction", value: interaction } };
}

function redirectOutcome(response: AuthorizationResponse): auth.AuthorizeResponse {
  return { outcome: { $case: "redirect", value: toRedirect(response) } };
}
