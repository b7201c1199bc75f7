import { OAuthError, ResourceError } from "@signet/protocol";

export interface CallOptions {
  /** Ends the call before its time. */
  readonly signal?: AbortSignal;
  /** How long the call may take at most: what the registry was opened with, unless given. */
  readonly timeoutMilliseconds?: number;
}

/** The reply to a call; what is wrong with what was sent is a `ResourceError` of the kind `invalid`, whichever way the registry says so. */
export async function answered<Reply>(call: Promise<Reply>): Promise<Reply> {
  try {
    return await call;
  } catch (error) {
    throw readable(error);
  }
}

/** Metadata of clients are refused in the words of RFC 7591. */
export function readable(error: unknown): unknown {
  return error instanceof OAuthError ? new ResourceError("invalid", error.message, { cause: error }) : error;
}

/** What a reply must carry. */
export function present<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the registry's reply lacks what it must carry");
  return value;
}

/** Absent where an empty text says so. */
export function unlessEmpty(text: string): string | undefined {
  return text === "" ? undefined : text;
}
