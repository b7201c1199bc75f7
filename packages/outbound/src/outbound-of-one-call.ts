import type { Outbound } from "./outbound.ts";
import { OutboundError } from "./outbound-error.ts";

/** Less than a call between services may take, and as long as one fetch may. */
const patienceMilliseconds = 1500;

/**
 * `outbound` for what answers one call, which may have several addresses to ask, one after the other: from the first on it waits for all of them together
 * for `milliseconds` at most, and is told `timed_out` from then on, while there is time to say of which. What is fetched goes on: others may wait for it,
 * and whoever asks next has it.
 */
export function outboundOfOneCall(outbound: Outbound, milliseconds = patienceMilliseconds): Outbound {
  let end: number | undefined;
  async function patiently<Fetched>(fetching: Promise<Fetched>): Promise<Fetched> {
    const now = performance.now();
    end ??= now + milliseconds;
    const over = Promise.withResolvers<never>();
    const error = new OutboundError("timed_out", `all that was fetched for the call took more than ${milliseconds} ms`);
    const timer = setTimeout(() => over.reject(error), Math.max(0, end - now));
    try {
      return await Promise.race([fetching, over.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
  return {
    ...outbound,
    fetchText: (url, options) => patiently(outbound.fetchText(url, options)),
    fetchJson: (url, options) => patiently(outbound.fetchJson(url, options)),
  };
}
