import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Contender } from "../contender.ts";
import type { TokenReply } from "./token-reply.ts";
import type { Work } from "./work.ts";

/** Checks that a reply is the work that both contenders are to do: which tokens, by which algorithm, of which type, with a signature that holds. */
export function inspection(work: Work, contender: Contender): (reply: TokenReply) => Promise<void> {
  const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${contender.port}${contender.keysPath}`));
  return async ({ accessToken, idToken, refreshToken }) => {
    await verifyAccessToken(accessToken, keys, contender);
    if (work.carries.idToken !== (idToken !== undefined))
      throw new Error(`an ID token was ${idToken ? "not asked for" : "missing"}`);
    if (work.carries.refreshToken !== (refreshToken !== undefined)) throw new Error("whether there is a refresh token is wrong");
    if (idToken !== undefined) {
      await jwtVerify(idToken, keys, { algorithms: ["ES256"], issuer: contender.issuer, audience: contender.client.id });
    }
  };
}

/** RFC 9068 section 2. */
async function verifyAccessToken(token: string, keys: JWTVerifyGetKey, { issuer, client }: Contender): Promise<void> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: ["ES256"],
    typ: "at+jwt",
    issuer,
    requiredClaims: ["sub", "aud", "exp", "iat", "jti"],
  });
  if (payload.client_id !== client.id) throw new Error("the access token names another client");
}
