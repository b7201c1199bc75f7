import type { Contender } from "../contender.ts";
import { expectMembers } from "./json-reply.ts";
import { repeatedRequest } from "./repeated-request.ts";
import { bearerRequest } from "./requests.ts";
import { signInForTokens } from "./sign-in-for-tokens.ts";
import { subjectOf } from "./token-reply.ts";
import type { Flow, Work } from "./work.ts";

/** An application asks who signed in, OpenID Connect Core section 5.3: one access token per connection. */
export const userinfo: Work = {
  name: "userinfo",
  prepare: (contender) => prepare({ ...contender, client: contender.askingClient }),
};

/** The same with an opaque access token, whatever else the server would issue. */
export const userinfoOpaque: Work = {
  name: "userinfo-opaque",
  prepare: (contender) => prepare({ ...contender, client: contender.opaqueClient }),
};

async function prepare(contender: Contender): Promise<Flow> {
  const tokens = await signInForTokens(contender, { scope: "openid" });
  const sub = subjectOf(tokens);
  return repeatedRequest(bearerRequest(contender, contender.userInfoPath, tokens.accessToken), {
    marker: `"sub":"${sub}"`,
    inspect: (members) => expectMembers(members, { sub }),
  });
}
