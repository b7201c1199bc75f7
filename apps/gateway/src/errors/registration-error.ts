import type { OAuthErrorCode } from "@signet/protocol";
import { json } from "../http/reply.ts";
import { bearerError } from "./bearer-error.ts";
import type { ErrorStyle } from "./error-style.ts";
import { asciiOnly } from "./oauth-error.ts";
import type { ErrorOutcome } from "./outcome.ts";

/** RFC 7591 section 3.2.2 and RFC 7592 section 2: what is wrong with the metadata, or with the token (RFC 6750 section 3). */
export const registrationError: ErrorStyle = (outcome, request) => {
  if (outcome.status === 401) return bearerError(outcome, request);
  return json(outcome.status, { error: codeOf(outcome), error_description: asciiOnly(outcome.description) }, outcome.headers);
};

function codeOf({ kind, code }: ErrorOutcome): OAuthErrorCode {
  if (kind === "forbidden") return "access_denied";
  return kind === "invalid" ? "invalid_client_metadata" : code;
}
