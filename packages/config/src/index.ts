import { type Config, parseConfig } from "./schema.ts";

export { type Config, ConfigError, parseConfig, settings } from "./schema.ts";

/** The configuration of this process. The only reader of its environment. */
export function readConfig(): Config {
  return parseConfig(process.env);
}
