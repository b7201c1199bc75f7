import { expectMembers } from "./json-reply.ts";
import { repeatedRequest } from "./repeated-request.ts";
import { jsonRequest } from "./requests.ts";
import type { Work } from "./work.ts";

/** Anybody reads the metadata, OpenID Connect Discovery section 4. */
export const discovery: Work = {
  name: "discovery",
  async prepare(contender) {
    const { issuer, tokenPath, keysPath } = contender;
    return repeatedRequest(jsonRequest(contender, "/.well-known/openid-configuration"), {
      marker: `"issuer":"${issuer}"`,
      inspect: (members) => expectMembers(members, { issuer, token_endpoint: issuer + tokenPath, jwks_uri: issuer + keysPath }),
    });
  },
};
