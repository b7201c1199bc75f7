import { explanationOf } from "@signet/protocol";
import type { Logger } from "@signet/telemetry";
import type { HostRequest } from "../http/request.ts";
import type { ErrorOutcome } from "./outcome.ts";

export interface FailedRequest extends Pick<HostRequest, "id" | "method"> {
  /** The endpoint's path as it stands in the route table. What was sent may have anything in it, even a secret in the wrong place. */
  readonly endpoint: string;
}

/** Logs what the reply does not tell, under the id that it names. A refusal is of interest only to whoever looks for it; a fault, always. */
export function logError(error: unknown, outcome: ErrorOutcome, { id, method, endpoint }: FailedRequest, logger: Logger): void {
  const log = { requestId: id, method, endpoint, status: outcome.status, error: outcome.code };
  if (outcome.isInternal) logger.error({ ...log, err: error }, "a request failed");
  else logger.debug({ ...log, description: outcome.description, why: why(error), err: error }, "a request was refused");
}

/** The rule that it failed at, what that wanted and what it got: masked. */
function why(error: unknown) {
  const { rule, expected, sent } = explanationOf(error) ?? {};
  return { rule, expected, sent };
}
