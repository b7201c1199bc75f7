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

/** How often somebody may be wrong; undefined for any number. */
export interface SignInLimits {
  /** Of one account, also of one that does not exist. */
  readonly perAccount: RateLimit | undefined;
  /** Of all accounts of all tenants together, from one address. */
  readonly perAddress: RateLimit | undefined;
}

export interface SignInLimitDependencies {
  readonly stores: { readonly rateLimits: RateLimitStore };
  readonly signInLimits: SignInLimits;
  readonly clock: Clock;
}

/** Somebody who tries to sign in. */
export interface SignInAttempt {
  readonly username: string;
  /** Empty where it is not known: all such attempts count together. */
  readonly address: string;
}

interface Counted {
  readonly limit: RateLimit;
  readonly bucket: RateLimitBucket;
}

/**
 * What `evaluate` gives, unless the account or the address has been wrong too often. An attempt counts before it is evaluated, so that however many come
 * at once no more are than the limit; it does not count after all where it was right, or could not be evaluated. A right one also makes the account as
 * new. The address comes first: whoever it keeps out must not be able to keep others out of their accounts.
 * @throws RateLimitedError, the same whether the account exists or not; ResourceError unavailable where it cannot be counted: then nothing is evaluated
 */
export async function withinSignInLimits<Found extends { readonly user: unknown }>(
  tenant: Tenant,
  attempt: SignInAttempt,
  evaluate: () => Promise<Found>,
  { stores: { rateLimits }, signInLimits: { perAccount, perAddress }, clock }: SignInLimitDependencies,
): Promise<Found> {
  const address = perAddress && { limit: perAddress, bucket: rateLimitBucket("sign-in address", networkOf(attempt.address)) };
  const account = perAccount && { limit: perAccount, bucket: accountBucket(tenant, attempt.username) };
  const begun = clock();
  const take = async ({ bucket, limit }: Counted) => {
    const taken = await rateLimits.take(bucket, limit, begun);
    if (taken.kind === "refused") throw tooManyAttempts(taken.retryAfterMilliseconds);
  };
  const giveBack = async (counted: Counted | undefined) => {
    if (counted !== undefined) await rateLimits.giveBack(counted.bucket, counted.limit, clock());
  };
  if (address !== undefined) await take(address);
  if (account !== undefined) await take(account);

  let found: Found;
  try {
    found = await evaluate();
  } catch (error) {
    await Promise.all([giveBack(address), giveBack(account)]);
    throw error;
  }
  if (found.user !== undefined) await Promise.all([giveBack(address), account && rateLimits.clear(account.bucket)]);
  return found;
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
