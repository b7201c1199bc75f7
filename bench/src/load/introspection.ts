import type { Contender } from "../contender.ts";
import { expectMembers } from "./json-reply.ts";
import { repeatedRequest } from "./repeated-request.ts";
import { clientRequests } from "./requests.ts";
import { signInForTokens } from "./sign-in-for-tokens.ts";
import { subjectOf } from "./token-reply.ts";
import type { Flow, Work } from "./work.ts";

/** A confidential client asks what an access token of a signed-in person is worth, RFC 7662: one token per connection. */
export const introspection: Work = {
  name: "introspection",
  prepare: (contender) => prepare({ ...contender, client: contender.askingClient }),
};

/** The same with an opaque access token, whatever else the server would issue. */
export const introspectionOpaque: Work = {
  name: "introspection-opaque",
  prepare: (contender) => prepare({ ...contender, client: contender.opaqueClient }),
};

async function prepare(contender: Contender): Promise<Flow> {
  const tokens = await signInForTokens(contender, { scope: "openid" });
  const form = `token=${encodeURIComponent(tokens.accessToken)}&token_type_hint=access_token`;
  const sub = subjectOf(tokens);
  return repeatedRequest(clientRequests(contender, contender.introspectionPath)(form), {
    marker: '"active":true',
    inspect: (members) =>
      expectMembers(members, { active: true, sub, client_id: contender.client.id, iss: contender.issuer, scope: "openid" }),
  });
}
