import type { Instant } from "../instant.ts";

/** The milliseconds of `at` in six bytes, the most significant first: what begins with them is in the order of time. */
export function timeBytes(at: Instant): Buffer {
  const bytes = Buffer.allocUnsafe(6);
  bytes.writeUIntBE(at, 0, 6);
  return bytes;
}
