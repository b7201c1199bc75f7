import { formatForm } from "@signet/protocol";
import { readSession } from "../cookies/session-cookie.ts";
import { endpoint } from "../endpoint.ts";
import { pageError } from "../errors/page-error.ts";
import { inRequest } from "../http/in-request.ts";
import { redirect } from "../http/reply.ts";
import { signOutReply } from "../http/sign-out-reply.ts";
import { noteClient } from "../request-observer.ts";
import { queryAndForm } from "../steps/form.ts";

const path = "/oauth2/v1/logout";

/** Logout endpoint: OpenID Connect RP-Initiated Logout section 2. */
export const logout = endpoint({
  method: ["GET", "POST"],
  paths: [path],
  errors: pageError,
  steps: [queryAndForm],
  async handle(request, services) {
    const { notes, parameters, tenant, issuerPath } = request;
    if (notes !== undefined) noteClient(notes, parameters.find(({ name }) => name === "client_id")?.value);
    const session = readSession(services.cookies, request.headers, tenant);
    // What another site posts comes without the session's cookie (SameSite=Lax), what the browser then asks for by GET has it.
    if (request.method === "POST" && session === "") return redirect(303, `${issuerPath}${path}?${formatForm(parameters)}`);
    const outcome = await services.auth.signOut(
      { tenant: tenant.name, parameters: [...parameters], session, confirmed: false },
      inRequest(request),
    );
    return signOutReply(request, session, outcome, services);
  },
});
