import type { token as contract } from "@signet/contracts";
import { tokenEndpointPaths } from "@signet/protocol";
import { endpoint } from "../endpoint.ts";
import { oauthError } from "../errors/oauth-error.ts";
import { inRequest } from "../http/in-request.ts";
import { json } from "../http/reply.ts";
import { clientForm } from "../steps/client-form.ts";
import { cors, noStore } from "../steps/headers.ts";

/** Token endpoint, RFC 6749 section 3.2: one form in, one `Exchange`, one JSON reply out. */
export const token = endpoint({
  method: "POST",
  paths: tokenEndpointPaths,
  errors: oauthError,
  steps: [cors, noStore, clientForm],
  async handle(request, { tokens }) {
    const { tenant, form, authentication, address } = request;
    const reply = await tokens.exchange(
      { tenant: tenant.name, parameters: [...form], authentication, address },
      inRequest(request),
    );
    return json(200, toTokenReply(reply));
  },
});

/** RFC 6749 section 5.1 and OpenID Connect Core section 3.1.3.3, in the order that the documented APIs show; JSON leaves out what is undefined. */
function toTokenReply({ accessToken, idToken, refreshToken, tokenType, expiresIn, scope }: contract.ExchangeResponse): object {
  return {
    access_token: accessToken,
    id_token: idToken,
    refresh_token: refreshToken,
    token_type: tokenType,
    expires_in: expiresIn,
    scope,
  };
}
