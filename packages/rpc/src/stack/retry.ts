import { setTimeout as delay } from "node:timers/promises";
import { ClientError, Status } from "nice-grpc-common";
import { longestPauseMilliseconds } from "../limits.ts";
import { backOffMilliseconds, randomShare } from "./backoff.ts";
import type { CallLife } from "./deadline.ts";

const maximumAttempts = 3;

/** UNAVAILABLE because the caller has too many calls outstanding. Another attempt would only add to them. */
export class WindowFullError extends ClientError {}

/** Makes another attempt at a call that failed with UNAVAILABLE, after a jittered pause and within its life; three attempts in all. */
export async function repeated<Reply>(life: CallLife, attempt: () => Promise<Reply>): Promise<Reply> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt();
    } catch (error) {
      if (attempts === maximumAttempts || !isWorthAnother(error)) throw error;
    }
    const pause = backOffMilliseconds(attempts, longestPauseMilliseconds, randomShare());
    await delay(pause, undefined, { signal: life.signal }).catch((error: unknown) => {
      throw life.failure ?? error;
    });
  }
}

function isWorthAnother(error: unknown): boolean {
  return error instanceof ClientError && error.code === Status.UNAVAILABLE && !(error instanceof WindowFullError);
}
