export type SealingErrorReason =
  /** The text was not made by a sealer, or by a later version of it. */
  | "malformed"
  /** The tenant has no data key, or it is wrapped by a key-encryption key that this sealer does not have. */
  | "unknown_key"
  /** The text was changed, or sealed under another key, for another tenant or in another context. */
  | "refused";

/** A sealed text that cannot be opened. Its message may name the id of a key-encryption key, but no key and no content. */
export class SealingError extends Error {
  override readonly name = "SealingError";
  readonly reason: SealingErrorReason;

  constructor(reason: SealingErrorReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
