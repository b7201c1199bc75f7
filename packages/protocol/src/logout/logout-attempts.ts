const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

/** A receiver that restarts is told within seconds, one that is repaired within the day. */
const pauses: readonly number[] = [5 * second, 30 * second, 2 * minute, 10 * minute, 30 * minute, hour, 2 * hour, 4 * hour];

/**
 * How long to wait after an attempt to tell an application of a sign-out that came to nothing, in milliseconds: after the first one, the second, and so
 * on. Undefined once it is given up, about eight hours after the sign-out. (OpenID Connect Back-Channel Logout section 2.5 leaves this to the provider.)
 */
export function pauseAfterLogoutAttempt(attempts: number): number | undefined {
  return pauses[attempts - 1];
}

/** How long to wait before another attempt at what must not be given up. */
export function pauseBeforeNextAttempt(attempts: number): number {
  return pauseAfterLogoutAttempt(attempts) ?? 4 * hour;
}
