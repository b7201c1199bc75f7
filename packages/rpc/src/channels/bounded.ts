import { Status } from "nice-grpc-common";
import type { Carrier } from "../client/carrier.ts";
import { WindowFullError } from "../stack/retry.ts";
import { countCalls } from "./outstanding-calls.ts";

/** A carrier with at most `window` calls outstanding: more fail with UNAVAILABLE at once. */
export function bounded(carrier: Carrier, window: number): Carrier {
  const calls = countCalls();

  function begin(path: string): void {
    if (calls.count >= window) throw new WindowFullError(path, Status.UNAVAILABLE, "too many calls are outstanding");
    calls.begin();
  }

  return {
    async unary(path, request, options) {
      begin(path);
      try {
        return await carrier.unary(path, request, options);
      } finally {
        calls.end();
      }
    },
    async *serverStreaming(path, request, options) {
      begin(path);
      try {
        yield* carrier.serverStreaming(path, request, options);
      } finally {
        calls.end();
      }
    },
  };
}
