/** Why nothing came of a request to a host outside. */
export type OutboundFailure =
  /** The address may not be asked: not `https:`, not well-formed, or of a host that is not public. Nothing was sent. */
  | "not_allowed"
  /** No connection, or one that broke. */
  | "unreachable"
  | "timed_out"
  | "too_large"
  /** Too many redirects, or one to nowhere. */
  | "redirected"
  /** Any other status than success. */
  | "status"
  /** The content is not what it should be. */
  | "malformed"
  /** Too many requests are under way or waiting, for this host, this tenant or altogether. Nothing was sent. */
  | "busy";

/** The message is for the log: what was sent back is not repeated to whoever gave the address. */
export class OutboundError extends Error {
  override readonly name = "OutboundError";
  readonly failure: OutboundFailure;

  constructor(failure: OutboundFailure, message: string, options?: ErrorOptions) {
    super(message, options);
    this.failure = failure;
  }
}
