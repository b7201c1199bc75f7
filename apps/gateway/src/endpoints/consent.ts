import { auth } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import { clearInteraction, csrfTokenOf } from "../cookies/interaction-cookie.ts";
import { endpoint } from "../endpoint.ts";
import { interactionError } from "../errors/page-error.ts";
import { authorizationReply } from "../http/authorization-reply.ts";
import { HttpError } from "../http/http-error.ts";
import { inRequest } from "../http/in-request.ts";
import { pathOfStep } from "../http/interaction-reply.ts";
import { pageReply } from "../http/page-reply.ts";
import { redirect } from "../http/reply.ts";
import { applicationSources, consentPage } from "../pages/index.ts";
import { interaction, interactionForm } from "../steps/interaction.ts";
import { applicationOf, brandingOf } from "./page-views.ts";

/** The page where a person allows an application what it asks for. */
export const showConsent = endpoint({
  method: "GET",
  paths: ["/consent/:interaction"],
  errors: interactionError,
  steps: [interaction],
  async handle(request, services) {
    const { tenant, interaction, issuerPath } = request;
    const view = await services.auth.getInteraction({ tenant: tenant.name, ...interaction }, inRequest(request));
    if (view.step !== auth.Step.CONSENT || view.application === undefined || view.user === undefined) {
      return redirect(303, pathOfStep(request, interaction.id, view.step));
    }
    return pageReply(
      consentPage({
        branding: brandingOf(view.branding),
        client: applicationOf(view.application),
        user: view.user,
        scopes: view.scopes,
        claims: view.claims,
        action: `${issuerPath}/consent/${interaction.id}`,
        csrfToken: csrfTokenOf(interaction.secret),
        formTargets: applicationSources(view.redirectTarget),
      }),
    );
  },
});

export const submitConsent = endpoint({
  method: "POST",
  paths: ["/consent/:interaction"],
  errors: interactionError,
  steps: [interactionForm],
  async handle(request, services) {
    const { tenant, interaction, fields } = request;
    const decision = fields.get("decision");
    if (decision !== "allow" && decision !== "deny") throw new HttpError(400, "the form must say whether you allow access");
    const submitted = await services.auth
      .submitConsent({ tenant: tenant.name, ...interaction, allowed: decision === "allow" }, inRequest(request))
      .catch(ifSignedOut);
    if (submitted === "signed-out") return redirect(303, pathOfStep(request, interaction.id, auth.Step.SIGN_IN));
    const { redirect: answer } = submitted;
    if (answer === undefined) throw new Error("SubmitConsent came to no redirect");
    return authorizationReply("POST", answer, clearInteraction(services.cookies, request.headers, interaction.id));
  },
});

/** Whoever was asked signed out meanwhile, in another tab, or somebody else signed in: the interaction goes on with its sign-in. */
function ifSignedOut(error: unknown): "signed-out" {
  if (error instanceof ResourceError && error.kind === "unauthenticated") return "signed-out";
  throw error;
}
