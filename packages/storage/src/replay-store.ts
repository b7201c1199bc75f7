import type { Instant, SecretHash, TenantId } from "@signet/protocol";

/** Something that may be used once, such as the `jti` of an assertion. */
export interface OneUse {
  readonly hash: SecretHash;
  /** Before then it cannot have been used. */
  readonly usableFrom: Instant;
  /** From then on it cannot be used. */
  readonly usableUntil: Instant;
}

/** `forgotten`: what was used since `usableFrom` is not known any more, so whether this was cannot be told. */
export type UseOutcome = "first" | "replayed" | "forgotten";

export interface ReplayStore {
  /** Begins to remember, where it does not yet: whatever is usable from `now` on can be told from then on. */
  begin(now: Instant): Promise<void>;
  /**
   * Uses it. Of any number of concurrent calls with the same hash exactly one may get `first`; the others, and later ones until `usableUntil`, get `replayed`.
   * A memory that was lost since `usableFrom` never says `first`.
   * @throws ResourceError unavailable: it may not be used
   */
  use(tenant: TenantId, use: OneUse, now: Instant): Promise<UseOutcome>;
}
