import type { Tenant } from "@signet/protocol";
import { endpoint } from "../endpoint.ts";
import { oauthError } from "../errors/oauth-error.ts";
import { type TaggedReply, tagged, unlessUnchanged } from "../http/conditional.ts";
import { inRequest } from "../http/in-request.ts";
import { jsonContentType } from "../http/reply.ts";
import { cors } from "../steps/headers.ts";

/** What the last keys of a tenant were told with. */
const replies = new WeakMap<Tenant, TaggedReply>();

/** The tenant's public keys, RFC 7517 section 5. */
export const jwks = endpoint({
  method: "GET",
  paths: ["/oauth2/v1/certs"],
  errors: oauthError,
  steps: [cors],
  outlivesRegistry: true,
  isAlwaysServed: true,
  async handle(request, { tokens, lastKnown }) {
    const { id, name } = request.tenant;
    const { jwks, maxAgeSeconds } = await lastKnown.keySets.get(id, () => tokens.jwks({ tenant: name }, inRequest(request)));
    let reply = replies.get(request.tenant);
    if (reply?.body !== jwks) {
      const headers = { "Content-Type": jsonContentType, "Cache-Control": `public, max-age=${maxAgeSeconds}` };
      reply = tagged({ status: 200, headers, body: jwks });
      replies.set(request.tenant, reply);
    }
    return unlessUnchanged(request, reply);
  },
});
