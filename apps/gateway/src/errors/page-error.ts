import { pageReply } from "../http/page-reply.ts";
import type { Reply } from "../http/reply.ts";
import type { HostRequest, IssuerRequest } from "../http/request.ts";
import { errorPage } from "../pages/index.ts";
import type { ErrorStyle } from "./error-style.ts";
import type { ErrorOutcome } from "./outcome.ts";

/** A page of our own: an error at authorization never redirects by itself (RFC 6749 section 4.1.2.1). */
export const pageError: ErrorStyle = (outcome, request) => errorReply(outcome, request, headingOf(outcome));

/** The same at the pages of an interaction: what is not found there was a sign-in, and is over. */
export const interactionError: ErrorStyle = (outcome, request) =>
  errorReply(outcome, request, outcome.kind === "not_found" ? expiredHeading : headingOf(outcome));

function errorReply(outcome: ErrorOutcome, request: HostRequest | IssuerRequest, heading: string): Reply {
  const reply = pageReply(
    errorPage({
      ...("tenant" in request ? { branding: request.tenant.branding } : {}),
      homeUri: "issuerPath" in request ? `${request.issuerPath}/` : "/",
      status: outcome.status,
      heading,
      message: messageOf(outcome),
      ...(outcome.kind === "oauth" ? { code: `${outcome.code}: ${outcome.description}` } : {}),
      // Neither has the log a line of it, nor is it told to one person alone.
      ...(outcome.kind === "busy" ? {} : { errorId: request.id }),
    }),
  );
  return { ...reply, headers: { ...reply.headers, ...outcome.headers } };
}

const expiredHeading = "This page has expired";

function headingOf({ kind, status }: ErrorOutcome): string {
  if (kind === "not_found" || status === 404) return "Page not found";
  if (status === 403) return expiredHeading;
  if (status === 429) return "Too many attempts";
  if (status === 503) return "Please try again in a moment";
  if (status >= 500) return "Something went wrong";
  return "This request cannot be served";
}

function messageOf({ kind, description, status }: ErrorOutcome): string {
  if (kind === "oauth")
    return "The application sent a request that Signet does not accept. Go back to the application and try again; if it happens again, tell the people who run it.";
  if (kind === "busy") return "More people want something from Signet than it can serve. Go back and try again in a moment.";
  if (status >= 500) return "The fault is on our side, and it is logged. Go back and try again in a moment.";
  return `${description.charAt(0).toUpperCase()}${description.slice(1)}${/[.!?]$/.test(description) ? "" : "."}`;
}
