import { type Instant, instant } from "@signet/protocol";
import type { StoredClient } from "../client-store.ts";

/** The last moment that a date of JavaScript can be: for what has no end, so that what has one and what has none are found by one comparison. */
const never = instant(8_640_000_000_000_000);

/** Until when a client that registered itself counts; undefined for one that an administrator registered. */
export function liveUntil({ registration, expiresAt }: StoredClient): Instant | undefined {
  return registration === undefined ? undefined : (expiresAt ?? never);
}

/** The reverse of `liveUntil`: the client's end, if it has one. */
export function endOf(until: Instant | undefined): Pick<StoredClient, "expiresAt"> {
  return until === undefined || until === never ? {} : { expiresAt: until };
}
