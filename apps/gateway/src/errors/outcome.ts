import { OAuthError, type OAuthErrorCode, RateLimitedError, ResourceError, type ResourceErrorKind } from "@signet/protocol";
import { BusyError } from "../admission/admission.ts";
import { HttpError } from "../http/http-error.ts";

/** What an error means to the client, whatever form it is told in. The one place where errors are mapped to HTTP. */
export interface ErrorOutcome {
  readonly status: number;
  /** An OAuth error code, where the error has or can have one. */
  readonly code: OAuthErrorCode;
  readonly kind: ResourceErrorKind | "http" | "oauth" | "limited" | "busy" | "internal";
  readonly description: string;
  readonly headers: Readonly<Record<string, string>>;
  /** For what nobody outside can do anything about: the cause is only in the log, under the request's id. */
  readonly isInternal: boolean;
}

const statusOfCode: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client: 401,
  invalid_token: 401,
  insufficient_scope: 403,
  server_error: 500,
  temporarily_unavailable: 503,
};

const statusOfKind: Readonly<Record<ResourceErrorKind, number>> = {
  not_found: 404,
  already_exists: 409,
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  unavailable: 503,
};

/** The value of `Retry-After` where something was too busy. */
export const retryAfterSeconds = "1";

/** More requests are worked on than may be at a time. There is nothing in the log to look for, and nothing of this one was done. */
export const busyOutcome: ErrorOutcome = {
  status: 503,
  code: "temporarily_unavailable",
  kind: "busy",
  description: "Signet has more requests than it can serve at the moment; try again",
  headers: { "Retry-After": retryAfterSeconds },
  isInternal: false,
};

/** What `error` means to the client; `requestId` is what an internal one can be found under in the log. */
export function outcomeOf(error: unknown, requestId: string): ErrorOutcome {
  if (error instanceof OAuthError) {
    return {
      status: statusOfCode[error.code] ?? 400,
      code: error.code,
      kind: "oauth",
      description: error.description,
      headers: {},
      isInternal: false,
    };
  }
  if (error instanceof ResourceError) {
    const isUnavailable = error.kind === "unavailable";
    return {
      status: statusOfKind[error.kind],
      code: isUnavailable ? "temporarily_unavailable" : "invalid_request",
      kind: error.kind,
      description: isUnavailable ? "Signet cannot serve this at the moment; try again" : error.description,
      headers: isUnavailable ? { "Retry-After": retryAfterSeconds } : {},
      isInternal: isUnavailable,
    };
  }
  if (error instanceof RateLimitedError) {
    return {
      status: 429,
      code: "temporarily_unavailable",
      kind: "limited",
      description: error.description,
      headers: { "Retry-After": String(error.retryAfterSeconds) },
      isInternal: false,
    };
  }
  if (error instanceof BusyError) return busyOutcome;
  if (error instanceof HttpError) {
    return {
      status: error.status,
      code: "invalid_request",
      kind: "http",
      description: error.description,
      headers: {},
      isInternal: false,
    };
  }
  return {
    status: 500,
    code: "server_error",
    kind: "internal",
    description: `something went wrong; it is logged under the error id ${requestId}`,
    headers: {},
    isInternal: true,
  };
}
