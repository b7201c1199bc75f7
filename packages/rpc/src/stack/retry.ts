import { setTimeout as delay } from "node:timers/promises";
import { ClientError, type ClientMiddleware, Status } from "nice-grpc-common";
import { abortError } from "../client/abort.ts";
import { longestPauseMilliseconds } from "../limits.ts";
import { backOffMilliseconds, randomShare } from "./backoff.ts";

const maximumAttempts = 3;

/** UNAVAILABLE because the caller has too many calls outstanding. Another attempt would only add to them. */
export class WindowFullError extends ClientError {}

/** Repeats a call that failed with UNAVAILABLE, after a jittered pause and within its deadline; three attempts in all. */
export const retryUnavailable: ClientMiddleware = async function* (call, options) {
  const { path } = call.method;
  if (call.responseStream) return yield* call.next(call.request, options);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return yield* call.next(call.request, options);
    } catch (error) {
      if (attempt === maximumAttempts || !isWorthAnother(error)) throw error;
    }
    const { signal } = options;
    const pause = backOffMilliseconds(attempt, longestPauseMilliseconds, randomShare());
    await delay(pause, undefined, signal === undefined ? {} : { signal }).catch((error: unknown) => {
      throw signal?.aborted ? abortError(path, signal) : error;
    });
  }
};

function isWorthAnother(error: unknown): boolean {
  return error instanceof ClientError && error.code === Status.UNAVAILABLE && !(error instanceof WindowFullError);
}
