/** What was asked for cannot be done, in words for whoever asked. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}
