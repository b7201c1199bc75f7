import {
  type Clock,
  networkOf,
  OAuthError,
  type RateLimit,
  RateLimitedError,
  type RateLimitTaken,
  ResourceError,
  rateLimitBucket,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";

/** How much may come from one address, at all tenants together; undefined for any number. An IPv6 network of 64 bits is one. */
export interface AddressLimits {
  /** Tokens that open nothing: of the administration API, of registration APIs, initial access tokens and registration access tokens. */
  readonly tokenFailures: RateLimit | undefined;
  /** Clients that register themselves without a token. */
  readonly openRegistrations: RateLimit | undefined;
}

/** A token that somebody shows; empty for none. */
export interface ShownToken {
  readonly token: string;
  /** An IP address; empty where it is not known: all of those count together. */
  readonly address: string;
}

export interface AddressGuard {
  /**
   * What `check` gives. A token that it refuses counts against the address; one that it accepts never does, and is accepted however many others were refused: whoever
   * has it may share the address with whoever guesses.
   * @throws RateLimitedError in place of the refusal where there were too many
   */
  withToken<Found>(shown: ShownToken, check: () => Promise<Found>): Promise<Found>;
  /**
   * Counts a registration that nobody let in, before it costs anything.
   * @throws RateLimitedError; ResourceError unavailable where it cannot be counted
   */
  registersOpenly(address: string): Promise<void>;
}

export interface AddressGuardOptions {
  readonly limits: AddressLimits;
  readonly rateLimits: RateLimitStore;
  readonly clock: Clock;
}

export function createAddressGuard({ limits, rateLimits, clock }: AddressGuardOptions): AddressGuard {
  async function take(kind: string, address: string, limit: RateLimit | undefined): Promise<RateLimitTaken> {
    if (limit === undefined) return { kind: "taken" };
    return await rateLimits.take(rateLimitBucket(kind, networkOf(address)), limit, clock());
  }

  return {
    async withToken({ token, address }, check) {
      try {
        return await check();
      } catch (error) {
        if (token === "" || !refusesToken(error)) throw error;
        const taken = await take("token address", address, limits.tokenFailures).catch(ifAway);
        if (taken?.kind !== "refused") throw error;
        throw new RateLimitedError("there were too many wrong tokens", taken.retryAfterMilliseconds, { cause: error });
      }
    },
    async registersOpenly(address) {
      const taken = await take("open registration address", address, limits.openRegistrations);
      if (taken.kind === "taken") return;
      throw new RateLimitedError("there were too many registrations from this address", taken.retryAfterMilliseconds);
    },
  };
}

function refusesToken(error: unknown): boolean {
  if (error instanceof OAuthError) return error.code === "invalid_token";
  return error instanceof ResourceError && error.kind === "unauthenticated";
}

/** The token was refused all the same, and one of 256 random bits is not guessed meanwhile. */
function ifAway(error: unknown): undefined {
  if (error instanceof ResourceError && error.kind === "unavailable") return undefined;
  throw error;
}
