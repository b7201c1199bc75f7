import type { OAuthErrorCode, ResourceErrorKind } from "@signet/protocol";
import { ServerError, Status } from "nice-grpc-common";

/** A resource error on the wire is a plain gRPC status, so that any client of any language understands it. */
export const statusOfKind: Readonly<Record<ResourceErrorKind, Status>> = {
  not_found: Status.NOT_FOUND,
  already_exists: Status.ALREADY_EXISTS,
  invalid: Status.INVALID_ARGUMENT,
  unauthenticated: Status.UNAUTHENTICATED,
  forbidden: Status.PERMISSION_DENIED,
  unavailable: Status.UNAVAILABLE,
};

const kindOfStatusTable: ReadonlyMap<Status, ResourceErrorKind> = new Map([
  [Status.NOT_FOUND, "not_found"],
  [Status.ALREADY_EXISTS, "already_exists"],
  [Status.INVALID_ARGUMENT, "invalid"],
  [Status.UNAUTHENTICATED, "unauthenticated"],
  [Status.PERMISSION_DENIED, "forbidden"],
  [Status.UNAVAILABLE, "unavailable"],
  [Status.DEADLINE_EXCEEDED, "unavailable"],
  [Status.RESOURCE_EXHAUSTED, "unavailable"],
]);

/** Undefined for a status that no caller can do anything about. */
export function kindOfStatus(status: Status): ResourceErrorKind | undefined {
  return kindOfStatusTable.get(status);
}

/** Whether a carrier itself answers with this status, to a caller that it does not know or that may not use the method; use cases may do so too. */
export function isRefusalOfCaller(status: Status): boolean {
  return status === Status.UNAUTHENTICATED || status === Status.PERMISSION_DENIED;
}

/** Whether it is the carrier that does not answer the caller, for who that is. */
export function isCallerRefused(error: unknown): error is ServerError {
  return error instanceof ServerError && isRefusalOfCaller(error.code);
}

/** An OAuth error as clients see it that know nothing of its trailer: what was sent cannot be, or else is not possible as things stand. */
export function statusOfCode(code: OAuthErrorCode): Status {
  return code === "invalid_client_metadata" || code === "invalid_redirect_uri"
    ? Status.INVALID_ARGUMENT
    : Status.FAILED_PRECONDITION;
}
