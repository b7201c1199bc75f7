import { ResourceError } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import { bearerToken, headerToken } from "../http/bearer-token.ts";
import { HttpError } from "../http/http-error.ts";
import { inRequest } from "../http/in-request.ts";
import type { HostRequest } from "../http/request.ts";

/** Only who has the administration token gets past it. It comes before all other steps. */
export const administrator: Step<HostRequest, object> = {
  async run(request, { registry }) {
    await registry.authenticateToken({ token: administrationToken(request), address: request.address }, inRequest(request));
    return {};
  },
};

function administrationToken({ headers, message }: HostRequest): string {
  if (headers["x-auth-token"] !== undefined && headers.authorization !== undefined) {
    throw new HttpError(400, "the token was sent both in X-Auth-Token and in Authorization");
  }
  const token = headerToken(message.rawHeaders, "x-auth-token") ?? bearerToken(message.rawHeaders);
  if (token === undefined) {
    throw new ResourceError(
      "unauthenticated",
      "this API is opened by the administration token, sent in X-Auth-Token or as a Bearer token",
    );
  }
  return token;
}
