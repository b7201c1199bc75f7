import { endpoint } from "../endpoint.ts";
import { bearerError } from "../errors/bearer-error.ts";
import { inRequest } from "../http/in-request.ts";
import { jsonContentType } from "../http/reply.ts";
import { accessToken } from "../steps/access-token.ts";
import { cors, noStore } from "../steps/headers.ts";

/** OpenID Connect Core section 5.3: as JSON, or signed where the client is registered so. */
export const userinfo = endpoint({
  method: ["GET", "POST"],
  paths: ["/oauth2/v1/userinfo", "/oauth/userinfo"],
  errors: bearerError,
  steps: [cors, noStore, accessToken],
  async handle(request, { tokens }) {
    const { tenant, accessToken, clientCertificate } = request;
    const shown = clientCertificate === undefined ? {} : { certificate: clientCertificate.der };
    const { claims, jwt } = await tokens.userInfo({ tenant: tenant.name, accessToken, ...shown }, inRequest(request));
    return jwt === ""
      ? { status: 200, headers: { "Content-Type": jsonContentType }, body: claims }
      : { status: 200, headers: { "Content-Type": "application/jwt" }, body: jwt };
  },
});
