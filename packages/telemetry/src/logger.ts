import { type DestinationStream, type Logger, type LoggerOptions, pino } from "pino";
import { standardOutput } from "./output.ts";

export type { Logger };

export interface LoggerContext {
  /** Which program's lines they are. */
  readonly service?: string | undefined;
  /** The trace that what is under way is a part of, if any. */
  readonly traceId?: (() => string | undefined) | undefined;
}

/**
 * One JSON line per event, on standard output unless told otherwise. Secrets are kept out by logging names and ids only; what slips into an
 * object under the name of a secret is masked all the same.
 */
export function createLogger(level: string, output: DestinationStream = standardOutput(), context: LoggerContext = {}): Logger {
  return pino(
    { ...lineOptions(level, context), redact: { paths: masked.flatMap((name) => [name, `*.${name}`]), censor: "[masked]" } },
    output,
  );
}

/** For lines whose members are listed where they are made, each of them fit to be seen: there is nothing to mask, which takes longer than the line. */
export function createListedLogger(level: string, output: DestinationStream, context: LoggerContext = {}): Logger {
  return pino(lineOptions(level, { service: context.service }), output);
}

function lineOptions(level: string, { service, traceId }: LoggerContext): LoggerOptions {
  return {
    level,
    base: service === undefined ? null : { service },
    timestamp: timeMember,
    formatters: { level: (label) => ({ level: label }) },
    ...(traceId === undefined ? {} : { mixin: () => traceIdMember(traceId()) }),
  };
}

let second = 0;
let uptoSecond = "";

/** The time as ISO 8601. What is the same for a whole second is made once in it: to make all of it anew takes a third of a line's time. */
function timeMember(): string {
  const now = Date.now();
  const milliseconds = now % 1000;
  if (now - milliseconds !== second) {
    second = now - milliseconds;
    uptoSecond = new Date(second).toISOString().slice(0, -4);
  }
  return `,"time":"${uptoSecond}${String(milliseconds).padStart(3, "0")}Z"`;
}

function traceIdMember(traceId: string | undefined): { readonly traceId?: string } {
  return traceId === undefined ? {} : { traceId };
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
