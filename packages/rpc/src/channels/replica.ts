import type { Status } from "nice-grpc-common";
import type { Carrier } from "../client/carrier.ts";

/**
 * `ready`: takes calls, or will know at once that it cannot. `connecting`: worth waiting for. `failing`: the last attempt to reach it failed.
 */
export type Availability = "ready" | "connecting" | "failing";

/** One server of those behind a name: one address, one connection at a time. */
export interface Replica extends Carrier {
  readonly availability: Availability;
  /** Why it is `failing`, where that is known. */
  readonly failure: { readonly status: Status } | undefined;
  /** Whether another call may be outstanding. */
  readonly hasRoom: boolean;
  /** Begins no more calls, and closes when those that it has have ended; then it is fulfilled. */
  drain(): Promise<void>;
  /** Closes at once; outstanding calls fail with UNAVAILABLE. */
  close(): void;
}

export interface ReplicaEvents {
  /** The availability may have changed. */
  onChange(): void;
  /** It could not be reached, or was lost: the name may stand for other addresses by now. The details are for logs. */
  onLost(details: string): void;
}
