import { type DestinationStream, destination, type Logger, pino } from "pino";

export type { Logger };

/**
 * One JSON line per event, on standard output unless told otherwise. Secrets are kept out by logging names and ids only; what slips into an
 * object under the name of a secret is masked all the same.
 */
export function createLogger(level: string, output: DestinationStream = destination({ dest: 1, sync: true })): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: masked.flatMap((name) => [name, `*.${name}`]), censor: "[masked]" },
    },
    output,
  );
}

const masked = [
  "password",
  "client_secret",
  "clientSecret",
  "code",
  "code_verifier",
  "refresh_token",
  "access_token",
  "id_token",
  "cookie",
  "authorization",
  "token",
  "secret",
];
