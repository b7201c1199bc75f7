import type { Step } from "../endpoint.ts";
import { bearerToken } from "../http/bearer-token.ts";
import type { HostRequest } from "../http/request.ts";

/** The token in the Authorization header; empty without one. What it opens is for the service to say. */
export const optionalBearerToken: Step<HostRequest, { readonly bearerToken: string }> = {
  run: ({ message }) => ({ bearerToken: bearerToken(message.rawHeaders) ?? "" }),
};
