import { common } from "@signet/contracts";
import { isOAuthErrorCode, OAuthError, ResourceError } from "@signet/protocol";
import { ClientError, type ClientMiddleware } from "nice-grpc-common";
import { oauthErrorTrailer } from "./server-errors.ts";
import { kindOfStatus } from "./statuses.ts";

/** Rebuilds what the service threw: an `OAuthError` from its trailer, a `ResourceError` from its status. Anything else stays a `ClientError`. */
export const clientErrors: ClientMiddleware = async function* (call, options) {
  let detail: Uint8Array | undefined;
  try {
    return yield* call.next(call.request, {
      ...options,
      onTrailer(trailer) {
        detail = trailer.get(oauthErrorTrailer);
        options.onTrailer?.(trailer);
      },
    });
  } catch (error) {
    throw rebuilt(error, detail);
  }
};

/** What the caller gets for an error that crossed the channel; `detail` is the trailer's. */
export function rebuilt(error: unknown, detail: Uint8Array | undefined): unknown {
  if (!(error instanceof ClientError)) return error;
  if (detail !== undefined) {
    const { error: code, description } = common.OAuthErrorDetail.decode(detail);
    if (isOAuthErrorCode(code)) return new OAuthError(code, description, { cause: error });
  }
  const kind = kindOfStatus(error.code);
  return kind === undefined ? error : new ResourceError(kind, error.details, { cause: error });
}
