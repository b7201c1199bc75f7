import { signIn } from "../browser/sign-in.ts";
import { type Contender, redirectUri } from "../contender.ts";
import { type HttpReply, headerOf } from "./http-reply.ts";
import { authorizationTarget, codeForm, getRequest, proofKey, tokenRequests } from "./requests.ts";
import { tokenInspection } from "./token-inspection.ts";
import { parseTokenReply } from "./token-reply.ts";
import type { Flow, Work } from "./work.ts";

/** An application sends a signed-in person who has agreed before: authorization request, redirect with a code, token request. */
export const codeFlow: Work = { name: "code-flow", prepare };

/** The same with both tokens signed with RS256. */
export const codeFlowRs256: Work = {
  name: "code-flow-rs256",
  prepare: (contender) => prepare({ ...contender, client: contender.rs256Client }),
};

async function prepare(contender: Contender): Promise<Flow> {
  const { cookie } = await signIn(contender, { scope: "openid" });
  const tokenRequest = tokenRequests(contender);
  return {
    async run(connection) {
      const { challenge, verifier } = proofKey();
      const target = authorizationTarget(contender, { challenge, scope: "openid" });
      const redirect = await connection.send(getRequest(contender, target, cookie));
      const reply = await connection.send(tokenRequest(codeForm(codeIn(redirect), verifier)));
      parseTokenReply(reply);
      return reply;
    },
    inspect: tokenInspection(contender, { idToken: true, refreshToken: false }),
  };
}

/** @throws Error for a reply that does not redirect to the application with a code */
export function codeIn({ status, head, body }: HttpReply): string {
  const location = headerOf(head, "location");
  if ((status === 302 || status === 303) && location?.startsWith(`${redirectUri}?`)) {
    const code = new URLSearchParams(location.slice(redirectUri.length)).get("code");
    if (code !== null) return code;
  }
  throw new Error(`authorization endpoint: ${status} ${location ?? body.slice(0, 300)}`);
}
