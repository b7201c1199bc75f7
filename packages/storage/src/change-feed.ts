import type { ClientId, TenantId, TenantName } from "@signet/protocol";

/** A change of the registry's data, told to whoever holds a copy. */
export type Change =
  | { readonly kind: "tenant"; readonly tenantId: TenantId; readonly name: TenantName; readonly deleted: boolean }
  | { readonly kind: "client"; readonly tenantId: TenantId; readonly clientId: ClientId; readonly deleted: boolean };

/** Where in the feed a change stands. */
export type FeedPosition = string;

export type FeedEvent =
  /**
   * The first event of every subscription. `resumed` is false where changes after the given position may have been missed, as they may where none was
   * given. It comes again, with `resumed` false, to a subscriber who fell so far behind that the feed no longer has what comes next.
   */
  | { readonly kind: "ready"; readonly position: FeedPosition; readonly resumed: boolean }
  | { readonly kind: "changed"; readonly position: FeedPosition; readonly change: Change }
  /**
   * Nothing else has changed up to now. From a feed that may lose its subscribers without either noticing; the next event of any kind follows within
   * about so many milliseconds, so that a longer silence is a loss.
   */
  | { readonly kind: "quiet"; readonly position: FeedPosition; readonly intervalMilliseconds: number };

export interface ChangeFeed {
  /** Resolves once every later subscriber, and every present one, is bound to see the change. */
  publish(change: Change): Promise<void>;
  /** Every change after `position`, or from now on, in order, until `signal` aborts. It ends then without an error. */
  subscribe(position: FeedPosition | undefined, signal: AbortSignal): AsyncIterable<FeedEvent>;
}
