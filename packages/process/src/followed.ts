import type { Current } from "@signet/config";
import { type Replaceable, replaceable } from "@signet/rpc/network";
import type { Logger } from "@signet/telemetry";

export interface Followed<Value> {
  readonly value: Replaceable<Value>;
  stop(): void;
}

/**
 * What `parse` makes of a setting, and of each later state of it. One that it refuses is logged and changes nothing.
 * @throws what `parse` throws of the first
 */
export function followed<Setting, Value>(
  setting: Current<Setting>,
  parse: (setting: Setting) => Value,
  logger: Pick<Logger, "info" | "error">,
): Followed<Value> {
  const value = replaceable(parse(setting.value));
  const refused = (details: object) =>
    logger.error(details, "a setting has changed to what cannot be used: the one before stays in force");
  const stop = setting.onChange(
    (changed) => {
      try {
        value.replace(parse(changed));
        logger.info("a setting has changed and is in force");
      } catch (err) {
        refused({ err });
      }
    },
    (problem) => refused({ problem }),
  );
  return { value, stop };
}
