import { ResourceError } from "@signet/protocol";

/** What a store throws while it, or the way to it, is at fault: the same call may succeed later. */
export function unavailable(description: string, cause?: Error): ResourceError {
  return new ResourceError("unavailable", description, cause && { cause });
}
