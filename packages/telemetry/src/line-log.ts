import type { Logger } from "pino";
import type { CallStart, RequestEnd, RequestStart } from "./observers.ts";
import { probes } from "./probes.ts";

/** Writes the line of each request, and of each call between services. */
export interface LineLog {
  /** Undefined where nobody would see the lines. */
  readonly request:
    | ((request: RequestStart, answer: RequestEnd, milliseconds: number, traceId: string | undefined) => void)
    | undefined;
  readonly call: ((call: CallStart, outcome: string, milliseconds: number, traceId: string | undefined) => void) | undefined;
}

export interface LineLogOptions {
  /** One that masks nothing: the members of the lines are these, and nothing of a request but ids and names. */
  readonly logger: Logger;
  /** Whether each call that belongs to a request has a line of its own at `info`, as it has where services are processes, or at `debug`. */
  readonly logsCalls: boolean;
}

export function createLineLog({ logger, logsCalls }: LineLogOptions): LineLog {
  const seesInfo = logger.isLevelEnabled("info");
  const seesCalls = logger.isLevelEnabled(logsCalls ? "info" : "debug");
  return {
    request: seesInfo
      ? ({ id, method, endpoint }, { status, tenant, clientId }, milliseconds, traceId) => {
          const line = { requestId: id, method, endpoint, status, durationMs: rounded(milliseconds), tenant, clientId, traceId };
          if (status < 400 && probes.has(endpoint)) logger.debug(line, requestAnswered);
          else logger.info(line, requestAnswered);
        }
      : undefined,
    call: seesCalls
      ? ({ service, method, requestId, caller }, outcome, milliseconds, traceId) => {
          const line = {
            requestId,
            caller,
            method: `/${service}/${method}`,
            outcome,
            durationMs: rounded(milliseconds),
            traceId,
          };
          // What belongs to no request is the services' own business, such as asking each other whether they are there.
          if (logsCalls && requestId !== "") logger.info(line, callAnswered);
          else logger.debug(line, callAnswered);
        }
      : undefined,
  };
}

const requestAnswered = "a request was answered";
const callAnswered = "a call was answered";

/** To microseconds. */
function rounded(milliseconds: number): number {
  return Math.round(milliseconds * 1000) / 1000;
}
