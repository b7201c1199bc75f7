import { endpoint } from "../endpoint.ts";
import { oauthError } from "../errors/oauth-error.ts";
import { inRequest } from "../http/in-request.ts";
import { clientForm } from "../steps/client-form.ts";
import { cors, noStore } from "../steps/headers.ts";

/** Ends a token of the client that sends it, RFC 7009. Browser applications may ask too (section 2.3). */
export const revocation = endpoint({
  method: "POST",
  paths: ["/oauth2/v1/revoke"],
  errors: oauthError,
  steps: [cors, noStore, clientForm],
  async handle(request, { tokens }) {
    const { tenant, form, authentication, address } = request;
    await tokens.revoke({ tenant: tenant.name, parameters: [...form], authentication, address }, inRequest(request));
    return { status: 200, headers: {} };
  },
});
