import { repeatedRequest } from "./repeated-request.ts";
import { jsonRequest } from "./requests.ts";
import { requestTokens } from "./token-request.ts";
import type { Work } from "./work.ts";

/** Anybody reads the keys, RFC 7517 section 5. */
export const jwks: Work = {
  name: "jwks",
  async prepare(contender) {
    const { client, rs256Client } = contender;
    // A key may come into being only with the first token that wants it.
    for (const one of [client, rs256Client]) await requestTokens({ ...contender, client: one }, "grant_type=client_credentials");
    return repeatedRequest(jsonRequest(contender, contender.keysPath), {
      marker: '"keys":[{"',
      inspect(members) {
        const keys = members.get("keys");
        if (!Array.isArray(keys)) throw new Error("no keys");
        for (const { algorithm } of [client, rs256Client]) {
          if (!keys.some((key) => isKeyFor(algorithm, key))) throw new Error(`no key for ${algorithm}`);
        }
      },
    });
  },
};

function isKeyFor(algorithm: string, key: unknown): boolean {
  return typeof key === "object" && key !== null && "alg" in key && key.alg === algorithm;
}
