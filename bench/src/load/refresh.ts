import { signIn } from "../browser/sign-in.ts";
import { openConnection } from "./http-connection.ts";
import { codeForm, tokenRequests } from "./requests.ts";
import { parseTokenReply, type TokenReply } from "./token-reply.ts";
import type { Work } from "./work.ts";

/** An application trades its refresh token for new tokens and the next refresh token: one chain per connection. */
export const refresh: Work = {
  name: "refresh",
  carries: { idToken: true, refreshToken: true },
  async prepare(contender) {
    const { code, verifier } = await signIn(contender, { scope: "openid offline_access", prompt: "consent" });
    const tokenRequest = tokenRequests(contender);
    const connection = await openConnection(contender.port);
    const first = parseTokenReply(await connection.send(tokenRequest(codeForm(code, verifier))));
    connection.close();
    let refreshToken = refreshTokenIn(first);
    return async (connection) => {
      const form = `grant_type=refresh_token&refresh_token=${encodeURIComponent(refreshToken)}`;
      const reply = parseTokenReply(await connection.send(tokenRequest(form)));
      const next = refreshTokenIn(reply);
      if (next === refreshToken) throw new Error("the refresh token was not rotated");
      refreshToken = next;
      return reply;
    };
  },
};

function refreshTokenIn({ refreshToken }: TokenReply): string {
  if (refreshToken === undefined) throw new Error("the reply carries no refresh token");
  return refreshToken;
}
