import { common } from "@signet/contracts";
import { Explanation, isOAuthErrorCode, OAuthError, RateLimitedError, ResourceError } from "@signet/protocol";
import { ClientError, type Metadata, Status } from "nice-grpc-common";
import { CredentialsRefusedError } from "./credentials-refused-error.ts";
import { explanationTrailer, oauthErrorTrailer, resourceErrorTrailer, retryAfterTrailer } from "./server-errors.ts";
import { isRefusalOfCaller, kindOfStatus } from "./statuses.ts";

export interface RebuildOptions {
  /**
   * Whether the services that are called are parts of the same Signet. Then only what a use case itself refuses as unauthenticated or forbidden is
   * an answer to whoever is served; that a service does not know its caller, or lets it not use a method, is a `CredentialsRefusedError`. For any
   * other client it is a `ResourceError` either way.
   */
  readonly ownServices: boolean;
}

const wholeSeconds = /^[1-9]\d{0,5}$/;

/**
 * What the caller gets for an error that crossed the channel, as the service threw it: an `OAuthError` and a `RateLimitedError` from their trailers, a
 * `ResourceError` from its status. Anything else stays a `ClientError`.
 */
export function rebuilt(error: unknown, trailer: Metadata | undefined, { ownServices }: RebuildOptions): unknown {
  if (!(error instanceof ClientError)) return error;
  const cause = explained(error, trailer);
  const detail = trailer?.get(oauthErrorTrailer);
  if (detail !== undefined) {
    const { error: code, description } = common.OAuthErrorDetail.decode(detail);
    if (isOAuthErrorCode(code)) return new OAuthError(code, description, { cause });
  }
  const retryAfter = error.code === Status.RESOURCE_EXHAUSTED ? trailer?.get(retryAfterTrailer) : undefined;
  if (retryAfter !== undefined && wholeSeconds.test(retryAfter)) {
    return new RateLimitedError(error.details, Number(retryAfter) * 1000, { cause: error });
  }
  const kind = kindOfStatus(error.code);
  if (kind === undefined) return error;
  const isAnswer = !isRefusalOfCaller(error.code) || trailer?.get(resourceErrorTrailer) === kind;
  return ownServices && !isAnswer ? new CredentialsRefusedError(error) : new ResourceError(kind, error.details, { cause });
}

/** The error, behind the explanation that came with it. */
function explained(error: ClientError, trailer: Metadata | undefined): Error {
  const explanation = trailer?.get(explanationTrailer);
  return explanation === undefined ? error : new Explanation(common.Explanation.decode(explanation), { cause: error });
}
