import { type Clock, type Instant, later } from "@signet/protocol";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";

export interface RelyingPartyWithCachedKeys {
  /** Verifies the token, and those of before that are not dead yet. */
  verify(token: string): Promise<void>;
  readonly failures: readonly unknown[];
}

interface Kept {
  readonly keys: JSONWebKeySet;
  readonly until: Instant;
}

/** How many earlier tokens are verified again with each new one. */
const remembered = 6;

/**
 * Verifies tokens with the keys that it has, and asks for newer ones only when they are too old: not for an unknown `kid`, as most would. Its keys come
 * from a cache that keeps them for just as long, and does not say since when it has had them.
 */
export function relyingPartyWithCachedKeys(issuer: string, clock: Clock): RelyingPartyWithCachedKeys {
  const failures: unknown[] = [];
  const earlier: string[] = [];
  let inCache: Kept | undefined;
  let own: Kept | undefined;
  let maximumAge = 0;

  async function fetched(): Promise<Kept> {
    const asked = clock();
    const reply = await fetch(`${issuer}/oauth2/v1/certs`);
    const [, seconds] = /^public, max-age=(\d+)$/.exec(reply.headers.get("cache-control") ?? "") ?? [];
    maximumAge = Number(seconds) * 1000;
    return { keys: JSON.parse(await reply.text()), until: later(asked, maximumAge) };
  }

  async function keys(): Promise<JSONWebKeySet> {
    if (inCache === undefined || clock() >= inCache.until) inCache = await fetched();
    // At first for less long, so that the cache and the relying party do not ask at the same moments ever after.
    if (own === undefined) own = { keys: inCache.keys, until: later(clock(), maximumAge - 60_000) };
    else if (clock() >= own.until) own = { keys: inCache.keys, until: later(clock(), maximumAge) };
    return own.keys;
  }

  return {
    failures,
    async verify(token) {
      const keySet = createLocalJWKSet(await keys());
      earlier.unshift(token);
      for (const one of earlier.slice(0, remembered)) {
        const currentDate = new Date(clock());
        await jwtVerify(one, keySet, { issuer, currentDate }).catch((error: unknown) => failures.push(error));
      }
      earlier.splice(remembered);
    },
  };
}
