import type { OAuthErrorCode, ResourceErrorKind } from "@signet/protocol";
import { json } from "../http/reply.ts";
import type { ErrorStyle } from "./error-style.ts";
import type { ErrorOutcome } from "./outcome.ts";

/** The codes of the registration and the administration API; `docs/errors.md` explains each. */
const apiErrorCodes = {
  malformedRequest: 1000,
  unauthenticated: 1001,
  notFound: 1002,
  alreadyExists: 1003,
  invalidValue: 1004,
  invalidClientMetadata: 1005,
  invalidRedirectUri: 1006,
  methodNotAllowed: 1007,
  bodyTooLarge: 1008,
  unsupportedMediaType: 1009,
  forbidden: 1010,
  unavailable: 1011,
  internal: 1012,
  tooManyRequests: 1013,
} as const;

const ofKind: Readonly<Record<ResourceErrorKind, number>> = {
  not_found: apiErrorCodes.notFound,
  already_exists: apiErrorCodes.alreadyExists,
  invalid: apiErrorCodes.invalidValue,
  unauthenticated: apiErrorCodes.unauthenticated,
  forbidden: apiErrorCodes.forbidden,
  unavailable: apiErrorCodes.unavailable,
};

const ofOAuthCode: Partial<Record<OAuthErrorCode, number>> = {
  invalid_client_metadata: apiErrorCodes.invalidClientMetadata,
  invalid_redirect_uri: apiErrorCodes.invalidRedirectUri,
  invalid_request: apiErrorCodes.malformedRequest,
  invalid_scope: apiErrorCodes.invalidClientMetadata,
};

const ofStatus: Readonly<Record<number, number>> = {
  400: apiErrorCodes.malformedRequest,
  403: apiErrorCodes.forbidden,
  404: apiErrorCodes.notFound,
  405: apiErrorCodes.methodNotAllowed,
  413: apiErrorCodes.bodyTooLarge,
  415: apiErrorCodes.unsupportedMediaType,
};

/** The form of the Mixapp registration API. `more_info` holds the error's id where the cause is in the log only. */
export const apiError: ErrorStyle = (outcome, request) =>
  json(
    outcome.status,
    {
      error_code: codeOf(outcome),
      error_message: outcome.description,
      more_info: outcome.isInternal ? `error id ${request.id}` : "",
    },
    outcome.kind === "unauthenticated" ? { ...outcome.headers, "WWW-Authenticate": 'Bearer realm="signet"' } : outcome.headers,
  );

function codeOf({ kind, code, status }: ErrorOutcome): number {
  if (kind === "internal") return apiErrorCodes.internal;
  if (kind === "limited") return apiErrorCodes.tooManyRequests;
  if (kind === "busy") return apiErrorCodes.unavailable;
  if (kind === "http") return ofStatus[status] ?? apiErrorCodes.malformedRequest;
  if (kind === "oauth") return ofOAuthCode[code] ?? apiErrorCodes.invalidValue;
  return ofKind[kind];
}
