/** A span of another process (W3C Trace Context, Level 1). */
export interface RemoteSpan {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceFlags: number;
}

/** Section 3.2.2: version 00, ids in lower case, neither of them all zeroes. */
const pattern = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

/** Undefined for what is no `traceparent` of version 00; whoever sends another has its trace begun anew. */
export function parseTraceparent(value: string | undefined): RemoteSpan | undefined {
  const [, traceId, spanId, flags] = (value !== undefined && pattern.exec(value)) || [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, traceFlags: Number.parseInt(flags, 16) };
}

export function formatTraceparent({ traceId, spanId, traceFlags }: RemoteSpan): string {
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, "0")}`;
}
