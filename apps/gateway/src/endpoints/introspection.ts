import { endpoint } from "../endpoint.ts";
import { oauthError } from "../errors/oauth-error.ts";
import { prefers } from "../http/accepted-type.ts";
import { inRequest } from "../http/in-request.ts";
import { jsonContentType } from "../http/reply.ts";
import { clientForm } from "../steps/client-form.ts";
import { noStore } from "../steps/headers.ts";

const signedMediaType = "application/token-introspection+jwt";

/** What a token is worth: RFC 7662, and as a signed JWT where that is what the client accepts (RFC 9701 section 4). */
export const introspection = endpoint({
  method: "POST",
  paths: ["/oauth2/v1/introspect"],
  errors: oauthError,
  steps: [noStore, clientForm],
  async handle(request, { tokens }) {
    const { tenant, form, authentication, address, headers } = request;
    const asJwt = prefers(headers.accept, signedMediaType, "application/json");
    const asked = { tenant: tenant.name, parameters: [...form], authentication, address, asJwt };
    const { reply } = await tokens.introspect(asked, inRequest(request));
    if (reply === undefined) throw new Error("the token service answered an introspection with nothing");
    const contentType = reply.$case === "jwt" ? signedMediaType : jsonContentType;
    return { status: 200, headers: { "Content-Type": contentType, Vary: "Accept" }, body: reply.value };
  },
});
