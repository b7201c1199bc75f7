import { type Clock, instant } from "@signet/protocol";
import type { Logger } from "@signet/telemetry";
import { agreedClock, heardClock } from "./agreed-clock.ts";
import type { Surroundings } from "./run-program.ts";
import { steadyClock } from "./steady-clock.ts";

export interface MachineTimeOptions {
  readonly logger: Pick<Logger, "warn" | "info">;
  readonly own?: Clock;
  readonly elapsed?: () => number;
}

/**
 * The machine's time, for as long as it is right by the stores' clocks; it is said when it is not, and when it is again. Steady from when both stores have been
 * heard, before which nothing is served: what a machine that was astray showed before is not held on to.
 */
export function machineTime({
  logger,
  own = () => instant(Date.now()),
  elapsed = () => performance.now(),
}: MachineTimeOptions): Pick<Surroundings, "clock" | "hear"> {
  const heard = { mongodb: heardClock(elapsed), redis: heardClock(elapsed) };
  const { mongodb, redis } = heard;
  const agreed = agreedClock({ own, others: [mongodb.read, redis.read] });
  let steady: Clock | undefined;
  let isAstray = false;

  function sayWhetherAstray(): void {
    const milliseconds = own() - agreed();
    if (isAstray === (milliseconds !== 0)) return;
    isAstray = milliseconds !== 0;
    if (isAstray)
      logger.warn({ milliseconds }, "this machine's clock is not followed: MongoDB's and Redis' differ from it by more than 5 s");
    else logger.info("this machine's clock is followed again");
  }

  return {
    clock: () => (steady ?? agreed)(),
    hear(store, time) {
      heard[store].hear(time);
      if (mongodb.read() === undefined || redis.read() === undefined) return;
      steady ??= steadyClock(agreed, elapsed);
      sayWhetherAstray();
    },
  };
}
