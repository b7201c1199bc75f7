import type { Reply } from "../http/reply.ts";
import type { HostRequest, IssuerRequest } from "../http/request.ts";
import type { ErrorOutcome } from "./outcome.ts";

/** The form in which a kind of endpoint says what went wrong. */
export type ErrorStyle = (outcome: ErrorOutcome, request: HostRequest | IssuerRequest) => Reply;
