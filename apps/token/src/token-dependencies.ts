import type { Outbound } from "@signet/outbound";
import type { Clock, Random, RateLimit } from "@signet/protocol";
import type { Directory, Subjects } from "@signet/registry-client";
import type { Sealer } from "@signet/sealing";
import type { TokenStores } from "@signet/storage";
import type { AuthClient } from "./grants/grant.ts";
import type { SigningKeys } from "./keys/signing-keys.ts";
import type { ClientAttemptLimits } from "./limits/client-attempts.ts";

/** What clients may do; undefined for any number. */
export interface ClientLimits {
  readonly failures: ClientAttemptLimits;
  /** Of each client that has authenticated. */
  readonly requests: RateLimit | undefined;
}

/** What the service is made of. */
export interface TokenDependencies {
  readonly stores: TokenStores;
  readonly directory: Directory;
  readonly subjects: Subjects;
  readonly auth: AuthClient;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
  readonly outbound: Outbound;
  /** What every issuer begins with, without a trailing slash. */
  readonly publicUrl: string;
  /** On the same store and sealer. Whoever made them starts and closes them. */
  readonly signingKeys: SigningKeys;
  /** How long after its use a refresh token still gets the same successor; 10 s unless given. */
  readonly refreshGraceMilliseconds?: number;
  /** None unless given. */
  readonly clientLimits?: ClientLimits;
}
