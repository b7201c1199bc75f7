import { tokenRequests } from "./requests.ts";
import { signInForTokens } from "./sign-in-for-tokens.ts";
import { tokenInspection } from "./token-inspection.ts";
import { parseTokenReply, type TokenReply } from "./token-reply.ts";
import type { Work } from "./work.ts";

/** An application trades its refresh token for new tokens and the next refresh token: one chain per connection. */
export const refresh: Work = {
  name: "refresh",
  async prepare(contender) {
    const tokenRequest = tokenRequests(contender);
    let refreshToken = refreshTokenIn(await signInForTokens(contender, { scope: "openid offline_access", prompt: "consent" }));
    return {
      async run(connection) {
        const form = `grant_type=refresh_token&refresh_token=${encodeURIComponent(refreshToken)}`;
        const reply = await connection.send(tokenRequest(form));
        const next = refreshTokenIn(parseTokenReply(reply));
        if (next === refreshToken) throw new Error("the refresh token was not rotated");
        refreshToken = next;
        return reply;
      },
      inspect: tokenInspection(contender, { idToken: true, refreshToken: true }),
    };
  },
};

function refreshTokenIn({ refreshToken }: TokenReply): string {
  if (refreshToken === undefined) throw new Error("the reply carries no refresh token");
  return refreshToken;
}
