import { createRemoteJWKSet, type JWTVerifyGetKey, jwtVerify } from "jose";
import type { Contender } from "../contender.ts";
import type { HttpReply } from "./http-reply.ts";
import { parseTokenReply } from "./token-reply.ts";

/** Checks a token reply in full: which tokens there are, by which algorithm, of which type, with a signature that holds. */
export function tokenInspection(
  contender: Contender,
  carries: { readonly idToken: boolean; readonly refreshToken: boolean },
): (reply: HttpReply) => Promise<void> {
  const keys = createRemoteJWKSet(new URL(`http://127.0.0.1:${contender.port}${contender.keysPath}`));
  const { issuer, client } = contender;
  return async (reply) => {
    const { accessToken, idToken, refreshToken } = parseTokenReply(reply);
    await verifyAccessToken(accessToken, keys, contender);
    if (carries.idToken !== (idToken !== undefined)) throw new Error(`an ID token was ${idToken ? "not asked for" : "missing"}`);
    if (carries.refreshToken !== (refreshToken !== undefined)) throw new Error("whether there is a refresh token is wrong");
    if (idToken !== undefined) await jwtVerify(idToken, keys, { algorithms: [client.algorithm], issuer, audience: client.id });
  };
}

/** RFC 9068 section 2. */
async function verifyAccessToken(token: string, keys: JWTVerifyGetKey, { issuer, client }: Contender): Promise<void> {
  const { payload } = await jwtVerify(token, keys, {
    algorithms: [client.algorithm],
    typ: "at+jwt",
    issuer,
    requiredClaims: ["sub", "aud", "exp", "iat", "jti"],
  });
  if (payload.client_id !== client.id) throw new Error("the access token names another client");
}
