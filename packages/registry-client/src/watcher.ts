import type { registry } from "@signet/contracts";
import { backOff } from "@signet/rpc";
import { longestPauseMilliseconds } from "./longest-pause.ts";

export interface WatcherOptions {
  readonly registry: Pick<registry.ClientRegistryServiceClient, "watch">;
  /** Each message; its event is missing where it is of a kind that is not known here. */
  readonly onEvent: (event: registry.WatchResponse["event"]) => void;
  /** The stream has ended, for whatever reason; another will follow unless `signal` has aborted. */
  readonly onInterrupted: () => void;
  readonly onError: (error: unknown) => void;
}

/** Follows the registry's changes until `signal` aborts. A broken stream is taken up again from the last position that was seen. */
export async function watchUntil(
  signal: AbortSignal,
  { registry, onEvent, onInterrupted, onError }: WatcherOptions,
): Promise<void> {
  let position = "";
  let failures = 0;
  while (!signal.aborted) {
    try {
      for await (const message of registry.watch({ position }, { signal })) {
        onEvent(message.event);
        position = message.position;
        failures = 0;
      }
    } catch (error) {
      if (!signal.aborted) onError(error);
    }
    onInterrupted();
    await backOff(++failures, longestPauseMilliseconds, signal);
  }
}
