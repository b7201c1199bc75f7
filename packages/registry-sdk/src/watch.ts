import type { registry } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import { backOff } from "@signet/rpc";
import { ClientError, Status } from "nice-grpc-common";
import { readable } from "./calls.ts";

/** What a watcher hears of. `position` says where to go on from once this has been dealt with. */
export type RegistryEvent =
  /**
   * The stream stands: what changes from now on is told. Where `resumed` is false, changes may have been missed, as they have where there was no
   * position to go on from: whoever holds copies drops them now, and reads again. Then every tenant that was deleted in the last 90 days is told, also
   * one that was told before.
   */
  | { readonly kind: "ready"; readonly resumed: boolean; readonly position: string }
  | {
      readonly kind: "tenant";
      readonly tenantId: string;
      readonly name: string;
      readonly deleted: boolean;
      readonly position: string;
    }
  | {
      readonly kind: "client";
      readonly tenantId: string;
      readonly clientId: string;
      readonly deleted: boolean;
      readonly position: string;
    }
  /** The stream broke. It is taken up again by itself; until the next `ready` nothing is heard of changes, which are told after it. */
  | { readonly kind: "interrupted"; readonly error: unknown; readonly position: string };

export interface WatchOptions {
  /** The position of the last event that was dealt with; left out, from now on. */
  readonly from?: string;
  /** Ends the watching, without an error. */
  readonly signal: AbortSignal;
}

/** A stream that says how often it is heard at least is taken for lost after so many times as long a silence. */
const patienceInIntervals = 4;
const longestPauseMilliseconds = 2000;

/** The registry's changes, until the signal aborts or the consumer leaves. See `Registry.watch`. */
export async function* watch(
  service: Pick<registry.ClientRegistryServiceClient, "watch">,
  { from = "", signal }: WatchOptions,
): AsyncGenerator<RegistryEvent, void, undefined> {
  let position = from;
  let failures = 0;
  while (!signal.aborted) {
    let reason: unknown;
    let patienceMilliseconds: number | undefined;
    let timer: NodeJS.Timeout | undefined;
    const silence = new AbortController();
    try {
      for await (const message of service.watch({ position }, { signal: AbortSignal.any([signal, silence.signal]) })) {
        clearTimeout(timer);
        position = message.position;
        failures = 0;
        if (message.event?.$case === "quiet")
          patienceMilliseconds = patienceInIntervals * message.event.value.intervalMilliseconds;
        const event = eventOf(message);
        if (event !== undefined) yield event;
        // Only from here on is the stream waited for: the consumer may take its time.
        if (patienceMilliseconds !== undefined) timer = setTimeout(() => silence.abort(), patienceMilliseconds);
      }
    } catch (error) {
      if (silence.signal.aborted) reason = new ResourceError("unavailable", "the registry is not heard any more");
      else if (!signal.aborted && isFinal(error)) throw readable(error);
      else reason = error;
    } finally {
      clearTimeout(timer);
    }
    if (signal.aborted) return;
    failures += 1;
    if (failures === 1) yield { kind: "interrupted", error: reason, position };
    await backOff(failures, longestPauseMilliseconds, signal);
  }
}

/** Undefined for a message that only tells of a position, and for events of a kind that is not known here. */
function eventOf({ position, event }: registry.WatchResponse): RegistryEvent | undefined {
  switch (event?.$case) {
    case "ready":
      return { kind: "ready", resumed: event.value.resumed, position };
    case "tenantChanged":
      return { kind: "tenant", ...event.value, position };
    case "clientChanged":
      return { kind: "client", ...event.value, position };
    default:
      return undefined;
  }
}

/** Whether it would be the same the next time. */
function isFinal(error: unknown): boolean {
  if (error instanceof ResourceError) return error.kind !== "unavailable";
  return !(error instanceof ClientError) || error.code === Status.UNIMPLEMENTED;
}
