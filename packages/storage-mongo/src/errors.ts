import { unavailable } from "@signet/storage/adapter";
import {
  type MongoBulkWriteError,
  MongoClientClosedError,
  MongoError,
  MongoNetworkError,
  MongoNotConnectedError,
  MongoServerClosedError,
  MongoServerError,
  MongoSystemError,
  MongoTopologyClosedError,
} from "mongodb";

/** Codes of errors, https://www.mongodb.com/docs/manual/reference/error-codes/ */
const duplicateKey = 11_000;
const notImplemented = 238;

/**
 * The codes with which a server says that it cannot serve now, though it, or its successor, may a moment later: it starts, stops, steps down or has no
 * quorum, a time limit passed, the disk is full, credentials are being changed.
 */
const passingCodes: ReadonlySet<unknown> = new Set([
  6, // HostUnreachable
  7, // HostNotFound
  18, // AuthenticationFailed
  24, // LockTimeout
  50, // MaxTimeMSExpired
  64, // WriteConcernFailed
  89, // NetworkTimeout
  91, // ShutdownInProgress
  100, // UnsatisfiableWriteConcern
  112, // WriteConflict
  133, // FailedToSatisfyReadPreference
  189, // PrimarySteppedDown
  262, // ExceededTimeLimit
  9001, // SocketException
  10_058, // LegacyNotPrimary
  10_107, // NotWritablePrimary
  11_600, // InterruptedAtShutdown
  11_602, // InterruptedDueToReplStateChange
  13_435, // NotPrimaryNoSecondaryOk
  13_436, // NotPrimaryOrSecondary
  14_031, // OutOfDiskSpace
]);

/** Codes of the system's errors, which the driver lets through where a connection breaks as it is written to. */
const brokenConnection: ReadonlySet<unknown> = new Set([
  "EPIPE",
  "ECONNRESET",
  "ERR_STREAM_DESTROYED",
  "ERR_STREAM_WRITE_AFTER_END",
]);

/** No connection became free in time, or none will. The driver does not export these classes. */
const poolErrors: ReadonlySet<string> = new Set(["MongoWaitQueueTimeoutError", "MongoPoolClosedError"]);

/** Whether another document has what must be unique. */
export function isDuplicateKey(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === duplicateKey;
}

/** Whether the server does not have what it was asked for. */
export function isNotImplemented(error: unknown): boolean {
  return error instanceof MongoServerError && error.code === notImplemented;
}

/**
 * What became of each of `count` documents of an insert that was not carried out whole. Where the server could not confirm what it wrote, none counts as
 * inserted.
 * @throws the error itself where it says that of all of them
 */
export function bulkWriteOutcomes(error: MongoBulkWriteError, count: number): ("inserted" | "exists" | Error)[] {
  if (error.result.getWriteConcernError() !== undefined) throw error;
  const outcomes = Array.from<"inserted" | "exists" | Error>({ length: count }).fill("inserted");
  for (const { index, code } of error.result.getWriteErrors()) {
    outcomes[index] = code === duplicateKey ? "exists" : refusedWrite(code);
  }
  return outcomes;
}

function refusedWrite(code: number): Error {
  const bare = new Error(`the server answered with the error ${code}`);
  return passingCodes.has(code) ? unavailable(awayDescription, bare) : bare;
}

/** `cause`, which an operation failed with, as a store throws it: `unavailable` where MongoDB or the way to it is at fault, else as our own fault. */
export function storeError(cause: unknown): unknown {
  if (!(cause instanceof MongoError)) return isBrokenConnection(cause) ? unavailable(awayDescription, cause) : cause;
  const bare = withoutValues(cause);
  return isPassing(cause) ? unavailable(awayDescription, bare) : bare;
}

const awayDescription = "the store cannot be reached or cannot answer at the moment";

function isBrokenConnection(error: unknown): error is Error {
  return error instanceof Error && "code" in error && brokenConnection.has(error.code);
}

function isPassing(error: MongoError): boolean {
  return (
    poolErrors.has(error.name) ||
    error instanceof MongoNetworkError ||
    error instanceof MongoSystemError ||
    error instanceof MongoNotConnectedError ||
    error instanceof MongoServerClosedError ||
    error instanceof MongoTopologyClosedError ||
    error instanceof MongoClientClosedError ||
    passingCodes.has(error.code)
  );
}

/** A server's message may quote what was stored, which has no business in a log. */
function withoutValues(error: MongoError): Error {
  const message = error instanceof MongoServerError ? `the server answered with the error ${error.code}` : error.message;
  const bare = new Error(message);
  bare.name = error.name;
  return Object.assign(bare, { code: error.code });
}
