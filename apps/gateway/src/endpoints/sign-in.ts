import { auth, type common } from "@signet/contracts";
import { RateLimitedError, ResourceError } from "@signet/protocol";
import { clearInteraction, csrfTokenOf } from "../cookies/interaction-cookie.ts";
import { setSession } from "../cookies/session-cookie.ts";
import { endpoint, type Services } from "../endpoint.ts";
import { retryAfterSeconds } from "../errors/outcome.ts";
import { interactionError } from "../errors/page-error.ts";
import { authorizationReply } from "../http/authorization-reply.ts";
import { inRequest } from "../http/in-request.ts";
import { pathOfStep } from "../http/interaction-reply.ts";
import { pageReply } from "../http/page-reply.ts";
import { type Reply, redirect } from "../http/reply.ts";
import type { IssuerRequest } from "../http/request.ts";
import { applicationSources, type SignInProblem, signInPage } from "../pages/index.ts";
import { anyInteractionForm, type BrowserInteraction, interaction } from "../steps/interaction.ts";
import { applicationOf, brandingOf } from "./page-views.ts";

type InteractionRequest = IssuerRequest & { readonly interaction: BrowserInteraction };

/** The page where a person signs in. */
export const showSignIn = endpoint({
  method: "GET",
  paths: ["/sign-in/:interaction"],
  errors: interactionError,
  steps: [interaction],
  async handle(request, services) {
    const view = await services.auth.getInteraction({ tenant: request.tenant.name, ...request.interaction }, inRequest(request));
    if (view.step !== auth.Step.SIGN_IN) return redirect(303, pathOfStep(request, request.interaction.id, view.step));
    return signInReply(request, request.interaction, view, { username: view.loginHint });
  },
});

/** The password, once per press of the button. The form is shown again where it comes to nothing. */
export const submitSignIn = endpoint({
  method: "POST",
  paths: ["/sign-in/:interaction"],
  errors: interactionError,
  steps: [anyInteractionForm],
  async handle(request, services) {
    const { tenant, interaction, fields, isOurs, address } = request;
    // Whoever forged a form has no say in what the fresh one holds.
    if (!isOurs) return showAgain(request, services, { problem: "stale" });
    const username = fields.get("username") ?? "";
    const password = fields.get("password") ?? "";
    const submitted = await services.auth
      .submitSignIn({ tenant: tenant.name, ...interaction, username, password, address }, inRequest(request))
      .catch(problemOf);
    if ("problem" in submitted) return showAgain(request, services, { username, ...submitted });
    const { outcome, session } = submitted;
    if (outcome === undefined || outcome.$case === "rejected" || session === undefined) {
      const explanation = outcome?.$case === "rejected" ? outcome.value.explanation : undefined;
      return showAgain(request, services, { username, problem: "credentials", explanation });
    }
    const started = setSession(services.cookies, tenant, session.value);
    const ended = clearInteraction(services.cookies, request.headers, interaction.id);
    if (outcome.$case === "redirect") return authorizationReply("POST", outcome.value, [started, ...ended]);
    const path = pathOfStep(request, interaction.id, outcome.value);
    return redirect(303, path, outcome.value === auth.Step.CONSENT ? [started] : [started, ...ended]);
  },
});

interface Problem {
  readonly problem: SignInProblem;
  /** For one that passes by itself. */
  readonly retryAfterSeconds?: number;
  /** For the tenant's administrator. */
  readonly explanation?: common.Explanation | undefined;
}

/** No room for one more password at the moment, or too many were wrong. */
function problemOf(error: unknown): Problem {
  if (error instanceof RateLimitedError) return { problem: "limited", retryAfterSeconds: error.retryAfterSeconds };
  if (error instanceof ResourceError && error.kind === "unavailable") {
    return { problem: "busy", retryAfterSeconds: Number(retryAfterSeconds) };
  }
  throw error;
}

/** What a sign-in fails at, where no service says more. */
const ruleOf: Readonly<Record<SignInProblem, string>> = {
  credentials: "the username and the password are those of an account",
  busy: "there is room for one more password to be checked, and the stores answer",
  limited: "the account and the address were not wrong too often",
  stale: "the form was sent from this browser's own page",
};

async function showAgain(
  request: InteractionRequest,
  services: Services,
  { username, ...shown }: Problem & { readonly username?: string },
): Promise<Reply> {
  const { tenant, interaction } = request;
  const view = await services.auth.getInteraction({ tenant: tenant.name, ...interaction }, inRequest(request));
  const { explanation = { rule: ruleOf[shown.problem] }, ...typed } = shown;
  const reply = signInReply(request, interaction, view, { username: username ?? view.loginHint, ...typed });
  const { retryAfterSeconds: seconds } = shown;
  const headers = seconds === undefined ? reply.headers : { ...reply.headers, "Retry-After": String(seconds) };
  return { ...reply, headers, refused: { error: "access_denied", description: "the sign-in was refused", explanation } };
}

function signInReply(
  { issuerPath }: IssuerRequest,
  { id, secret }: BrowserInteraction,
  { branding, application, redirectTarget }: auth.GetInteractionResponse,
  typed: Partial<Problem> & { readonly username: string },
): Reply {
  return pageReply(
    signInPage({
      branding: brandingOf(branding),
      ...(application === undefined ? {} : { client: applicationOf(application) }),
      action: `${issuerPath}/sign-in/${id}`,
      csrfToken: csrfTokenOf(secret),
      ...typed,
      formTargets: redirectTarget === "" ? [] : applicationSources(redirectTarget),
    }),
  );
}
