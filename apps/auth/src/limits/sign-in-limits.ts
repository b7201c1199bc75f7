import {
  type Clock,
  enteredIdentifier,
  networkOf,
  type RateLimit,
  type RateLimitBucket,
  RateLimitedError,
  rateLimitBucket,
  type Tenant,
} from "@signet/protocol";
import type { RateLimitStore } from "@signet/storage";
import { attemptsUnderWay, type Ending } from "./attempts-under-way.ts";

/** How often somebody may be wrong; undefined for any number. */
export interface SignInLimits {
  /** Of one account, also of one that does not exist. */
  readonly perAccount: RateLimit | undefined;
  /** Of all accounts of all tenants together, from one address. */
  readonly perAddress: RateLimit | undefined;
}

/** Somebody who tries to sign in. */
export interface SignInAttempt {
  readonly username: string;
  /** Empty where it is not known: all such attempts count together. */
  readonly address: string;
}

export interface SignInGuard {
  /**
   * What `evaluate` gives, unless the account or the address has been wrong too often. An attempt counts before it is evaluated, so that however many come
   * at once no more are than the limit; it does not count after all where it was right, or could not be evaluated. A right one also makes the account as
   * new. Where others of the account are being evaluated, they are waited for before one is refused: many right ones at once are no attack. The address
   * comes first: whoever it keeps out must not be able to keep others out of their accounts.
   * @throws RateLimitedError, the same whether the account exists or not; ResourceError unavailable where it cannot be counted: then nothing is evaluated
   */
  within<Found extends { readonly user: unknown }>(
    tenant: Tenant,
    attempt: SignInAttempt,
    evaluate: () => Promise<Found>,
  ): Promise<Found>;
}

export interface SignInGuardOptions {
  readonly limits: SignInLimits;
  readonly rateLimits: RateLimitStore;
  readonly clock: Clock;
}

/** What an attempt counts against. */
interface Counted {
  readonly kind: "address" | "account";
  readonly limit: RateLimit;
  readonly bucket: RateLimitBucket;
}

export function createSignInGuard({ limits, rateLimits, clock }: SignInGuardOptions): SignInGuard {
  const underWay = attemptsUnderWay();

  async function take({ bucket, limit }: Counted): Promise<(ending: Ending) => void> {
    for (;;) {
      const taken = await rateLimits.take(bucket, limit, clock());
      if (taken.kind === "taken") return underWay.begin(bucket);
      if (!(await underWay.wait(bucket))) throw tooManyAttempts(taken.retryAfterMilliseconds);
    }
  }

  /** Lets go of what was taken, so that it counts only where it was wrong. */
  async function letGo({ kind, bucket, limit }: Counted, ending: Ending): Promise<void> {
    if (ending === "wrong") return;
    if (ending === "right" && kind === "account") await rateLimits.clear(bucket);
    else await rateLimits.giveBack(bucket, limit, clock());
  }

  return {
    async within(tenant, attempt, evaluate) {
      const ends: (() => Promise<void>)[] = [];
      let ending: Ending = "not evaluated";
      try {
        for (const counted of countedOf(tenant, attempt, limits)) {
          const end = await take(counted);
          ends.push(() => letGo(counted, ending).finally(() => end(ending)));
        }
        const found = await evaluate();
        ending = found.user === undefined ? "wrong" : "right";
        return found;
      } catch (error) {
        // An address that tries an account which is refused has tried.
        if (error instanceof RateLimitedError) ending = "wrong";
        throw error;
      } finally {
        await Promise.all(ends.map((end) => end()));
      }
    },
  };
}

function countedOf(tenant: Tenant, { username, address }: SignInAttempt, { perAddress, perAccount }: SignInLimits): Counted[] {
  const counted: Counted[] = [];
  const network = rateLimitBucket("sign-in address", networkOf(address));
  if (perAddress !== undefined) counted.push({ kind: "address", limit: perAddress, bucket: network });
  if (perAccount !== undefined) counted.push({ kind: "account", limit: perAccount, bucket: accountBucket(tenant, username) });
  return counted;
}

/** All ways of writing an account's name are one; what can be nobody's name is one for each way. */
function accountBucket({ id, settings }: Tenant, username: string): RateLimitBucket {
  const identifier = enteredIdentifier(username);
  return identifier === undefined
    ? rateLimitBucket("sign-in nobody", id, username)
    : rateLimitBucket("sign-in account", id, settings.collection, identifier);
}

function tooManyAttempts(retryAfterMilliseconds: number): RateLimitedError {
  return new RateLimitedError("there were too many attempts to sign in", retryAfterMilliseconds);
}
