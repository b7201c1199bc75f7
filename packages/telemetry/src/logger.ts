import { destination, type Logger, pino } from "pino";

export type { Logger };

/**
 * One JSON line per event on standard output. Secrets are kept out by logging names and ids only; what slips into an object under one
 * of these names is masked all the same.
 */
export function createLogger(level: string): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: () => `,"time":"${new Date().toISOString()}"`,
      formatters: { level: (label) => ({ level: label }) },
      redact: { paths: masked.flatMap((name) => [name, `*.${name}`]), censor: "[masked]" },
    },
    destination({ dest: 1, sync: true }),
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
