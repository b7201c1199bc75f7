import { tokenRequests } from "./requests.ts";
import { parseTokenReply } from "./token-reply.ts";
import type { Work } from "./work.ts";

/** A back end gets an access token for itself: one token request. */
export const clientCredentials: Work = {
  name: "client-credentials",
  carries: { idToken: false, refreshToken: false },
  async prepare(contender) {
    const request = tokenRequests(contender)("grant_type=client_credentials");
    return async (connection) => parseTokenReply(await connection.send(request));
  },
};
