import { auth } from "@signet/contracts";
import { clearInteraction, csrfTokenOf } from "../cookies/interaction-cookie.ts";
import { endpoint } from "../endpoint.ts";
import { interactionError } from "../errors/page-error.ts";
import { authorizationReply } from "../http/authorization-reply.ts";
import { HttpError } from "../http/http-error.ts";
import { inRequest } from "../http/in-request.ts";
import { pathOfStep } from "../http/interaction-reply.ts";
import { pageReply } from "../http/page-reply.ts";
import { redirect } from "../http/reply.ts";
import { applicationSources, selectAccountPage } from "../pages/index.ts";
import { interaction, interactionForm } from "../steps/interaction.ts";
import { applicationOf, brandingOf } from "./page-views.ts";

/** The page where a person who is signed in chooses which account to go on with: OpenID Connect Core section 3.1.2.1, `prompt=select_account`. */
export const showSelectAccount = endpoint({
  method: "GET",
  paths: ["/select-account/:interaction"],
  errors: interactionError,
  steps: [interaction],
  async handle(request, services) {
    const { tenant, interaction, issuerPath } = request;
    const view = await services.auth.getInteraction({ tenant: tenant.name, ...interaction }, inRequest(request));
    if (view.step !== auth.Step.SELECT_ACCOUNT || view.application === undefined || view.user === undefined) {
      return redirect(303, pathOfStep(request, interaction.id, view.step));
    }
    return pageReply(
      selectAccountPage({
        branding: brandingOf(view.branding),
        client: applicationOf(view.application),
        user: view.user,
        action: `${issuerPath}/select-account/${interaction.id}`,
        csrfToken: csrfTokenOf(interaction.secret),
        formTargets: applicationSources(view.redirectTarget),
      }),
    );
  },
});

const choices: ReadonlyMap<string | undefined, auth.AccountChoice> = new Map([
  ["same", auth.AccountChoice.SAME],
  ["another", auth.AccountChoice.ANOTHER],
  ["none", auth.AccountChoice.NONE],
]);

export const submitSelectAccount = endpoint({
  method: "POST",
  paths: ["/select-account/:interaction"],
  errors: interactionError,
  steps: [interactionForm],
  async handle(request, services) {
    const { tenant, interaction, fields } = request;
    const choice = choices.get(fields.get("account"));
    if (choice === undefined) throw new HttpError(400, "the form must say which account you choose");
    const { outcome } = await services.auth.selectAccount({ tenant: tenant.name, ...interaction, choice }, inRequest(request));
    if (outcome === undefined) throw new Error("SelectAccount came to no outcome");
    if (outcome.$case === "next") return redirect(303, pathOfStep(request, interaction.id, outcome.value));
    return authorizationReply("POST", outcome.value, clearInteraction(services.cookies, request.headers, interaction.id));
  },
});
