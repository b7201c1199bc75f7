import { ResourceError } from "@signet/protocol";
import { unavailable } from "@signet/storage/adapter";
import { ReplyError } from "ioredis";

/**
 * The codes of replies that say that Redis cannot serve now, though it may a moment later: no memory left, loading, a failed disk, a replica or a
 * cluster that is about to change, a script that runs too long, too few replicas, credentials that are being changed. The code is a reply's first word
 * (https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors).
 */
const passingCodes: ReadonlySet<string> = new Set([
  "OOM",
  "LOADING",
  "MISCONF",
  "READONLY",
  "MASTERDOWN",
  "CLUSTERDOWN",
  "TRYAGAIN",
  "BUSY",
  "UNBLOCKED",
  "NOREPLICAS",
  "NOAUTH",
  "WRONGPASS",
]);

/** `cause`, which a command failed with, as a store throws it: `unavailable` where Redis or the way to it is at fault, else as our own fault. */
export function storeError(cause: unknown): Error {
  if (cause instanceof ResourceError) return cause;
  const bare = withoutCommand(cause);
  if (cause instanceof ReplyError && !passingCodes.has(replyCode(bare))) return bare;
  return unavailable("the store cannot be reached or cannot answer at the moment", bare);
}

/** Whether this connection leads to a server that has become a replica: another connection may lead to its successor. */
export function isOfReplica(error: Error): boolean {
  return replyCode(error) === "READONLY";
}

/** Whether Redis has not run a script because it knows none by that digest: it started anew, or its scripts were flushed. */
export function isUnknownScript(error: unknown): boolean {
  return error instanceof Error && error instanceof ReplyError && replyCode(error) === "NOSCRIPT";
}

/** The driver hangs the command with its arguments on its errors; those have no business in a log. */
export function withoutCommand(error: unknown): Error {
  const bare = new Error(error instanceof Error ? error.message : "the Redis driver threw no error");
  bare.name = "RedisError";
  return error instanceof Error && "code" in error ? Object.assign(bare, { code: error.code }) : bare;
}

function replyCode(error: Error): string {
  return error.message.split(" ", 1)[0] ?? "";
}
