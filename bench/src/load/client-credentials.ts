import { tokenRequests } from "./requests.ts";
import { tokenInspection } from "./token-inspection.ts";
import { parseTokenReply } from "./token-reply.ts";
import type { Work } from "./work.ts";

/** A back end gets an access token for itself: one token request. */
export const clientCredentials: Work = {
  name: "client-credentials",
  async prepare(contender) {
    const request = tokenRequests(contender)("grant_type=client_credentials");
    return {
      async run(connection) {
        const reply = await connection.send(request);
        parseTokenReply(reply);
        return reply;
      },
      inspect: tokenInspection(contender, { idToken: false, refreshToken: false }),
    };
  },
};
