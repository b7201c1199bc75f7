import { parseParameters } from "@signet/protocol";
import { csrfTokenOf, isCsrfTokenOf } from "../cookies/interaction-cookie.ts";
import { readSession } from "../cookies/session-cookie.ts";
import { endpoint } from "../endpoint.ts";
import { pageError } from "../errors/page-error.ts";
import { inRequest } from "../http/in-request.ts";
import { interactionReply } from "../http/interaction-reply.ts";
import { pageReply } from "../http/page-reply.ts";
import { redirect } from "../http/reply.ts";
import { signOutReply } from "../http/sign-out-reply.ts";
import { signedInPage, signedOutPage } from "../pages/index.ts";
import { form } from "../steps/form.ts";
import { notFromOurPage } from "../steps/interaction.ts";
import { brandingOf } from "./page-views.ts";

/** The issuer's own start page: who is signed in sees that, anybody else is asked to sign in. */
export const start = endpoint({
  method: "GET",
  paths: ["/"],
  errors: pageError,
  steps: [],
  async handle(request, services) {
    const session = readSession(services.cookies, request.headers, request.tenant);
    const { user } = await services.auth.getSession({ tenant: request.tenant.name, session }, inRequest(request));
    if (user !== undefined) return redirect(303, `${request.issuerPath}/signed-in`);
    const { interaction } = await services.auth.startSignIn({ tenant: request.tenant.name }, inRequest(request));
    if (interaction === undefined) throw new Error("StartSignIn began no interaction");
    return interactionReply(request, interaction, services);
  },
});

/** Where a sign-in without an application ends. */
export const showSignedIn = endpoint({
  method: "GET",
  paths: ["/signed-in"],
  errors: pageError,
  steps: [],
  async handle(request, services) {
    const { tenant, issuerPath } = request;
    const session = readSession(services.cookies, request.headers, tenant);
    const { user } = await services.auth.getSession({ tenant: tenant.name, session }, inRequest(request));
    if (user === undefined) return redirect(303, `${issuerPath}/`);
    const signOutAction = `${issuerPath}/sign-out`;
    return pageReply(
      signedInPage({ branding: brandingOf(tenant.branding), user, signOutAction, csrfToken: csrfTokenOf(session) }),
    );
  },
});

/** Ends this browser's session at the tenant: of the person's own accord, or as an application asked and they said yes to. */
export const signOut = endpoint({
  method: "POST",
  paths: ["/sign-out"],
  errors: pageError,
  steps: [form],
  async handle(request, services) {
    const { tenant } = request;
    const session = readSession(services.cookies, request.headers, tenant);
    const token = parseParameters(request.form).get("csrf_token");
    // Without a session they are signed out already, in another tab; or another site sent the form, and SameSite has kept the cookie back.
    const mayBeOurs = session === "" ? token !== undefined : isCsrfTokenOf(session, token ?? "");
    if (!mayBeOurs) throw notFromOurPage();
    const parameters = request.form.filter(({ name }) => name !== "csrf_token");
    const outcome = await services.auth.signOut(
      { tenant: tenant.name, parameters, session, confirmed: true },
      inRequest(request),
    );
    return signOutReply(request, session, outcome, services);
  },
});

export const showSignedOut = endpoint({
  method: "GET",
  paths: ["/signed-out"],
  errors: pageError,
  steps: [],
  async handle({ tenant, issuerPath }) {
    return pageReply(signedOutPage({ branding: brandingOf(tenant.branding), signInUri: `${issuerPath}/` }));
  },
});
