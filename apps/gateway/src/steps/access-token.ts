import { OAuthError, parseForm, parseParameters, ResourceError } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import type { RequestBody } from "../http/body.ts";
import { formMediaType, readForm } from "../http/form-body.ts";
import type { HostRequest } from "../http/request.ts";
import { sentOnce } from "../http/sent-once.ts";

/** A `b64token` of RFC 6750 section 2.1. */
const bearer = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i;

/**
 * The access token of a request: in the Authorization header or, for a POST, in the form body; exactly one of them, and never in the query,
 * where logs would keep it (RFC 6750 section 2; RFC 9700 section 4.3.2).
 */
export const accessToken: Step<HostRequest, { readonly accessToken: string }> = {
  async run({ headers, method, message, place, queryString }) {
    if (parseForm(queryString).some(({ name }) => name === "access_token")) {
      throw new OAuthError("invalid_request", "the access token must not be in the query; send it in the Authorization header");
    }
    const authorization = sentOnce(message.rawHeaders, "authorization");
    const inBody = method === "POST" && hasForm(headers["content-type"]) ? await bodyToken({ message, place }) : undefined;
    if (authorization === undefined) {
      if (inBody === undefined) throw new ResourceError("unauthenticated", "an access token is needed");
      return { accessToken: inBody };
    }
    if (inBody !== undefined)
      throw new OAuthError("invalid_request", "the access token was sent both in the Authorization header and in the body");
    const inHeader = bearer.exec(authorization)?.[1];
    if (inHeader === undefined)
      throw new OAuthError("invalid_token", "the Authorization header must be Bearer, with an access token");
    return { accessToken: inHeader };
  },
};

function hasForm(contentType: string | undefined): boolean {
  return contentType?.toLowerCase().startsWith(formMediaType) ?? false;
}

async function bodyToken(body: RequestBody): Promise<string | undefined> {
  return parseParameters(await readForm(body)).get("access_token");
}
