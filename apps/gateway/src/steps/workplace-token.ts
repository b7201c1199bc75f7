import { apiTokenRefused, parseTenantName, ResourceError, type TenantName } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import { bearerToken } from "../http/bearer-token.ts";
import { inRequest } from "../http/in-request.ts";
import type { HostRequest } from "../http/request.ts";

/**
 * The workplace in the path, once its OIDC token was shown. It comes before all other steps: who has not the token learns nothing else, and a
 * workplace that does not exist answers like one that the token does not open (T1).
 */
export const workplaceToken: Step<HostRequest, { readonly workplace: TenantName }> = {
  async run(request, { registry }) {
    const token = bearerToken(request.message.rawHeaders);
    if (token === undefined) {
      throw new ResourceError("unauthenticated", "this API is opened by the workplace's OIDC token, sent as a Bearer token");
    }
    const workplace = parseTenantName(request.pathParameters.workplace ?? "");
    if (workplace === undefined) throw apiTokenRefused();
    await registry.authenticateToken({ token, tenant: workplace, address: request.address }, inRequest(request));
    return { workplace };
  },
};
