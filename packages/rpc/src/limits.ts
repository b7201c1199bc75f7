const mebibyte = 1024 * 1024;
const kibibyte = 1024;

/** Room for what surrounds 1 MiB of content in a message. */
export const defaultMaximumMessageBytes = mebibyte + 64 * kibibyte;
const largestMaximumMessageBytes = 4 * mebibyte;

/** What a gRPC message may have beyond the message that it carries: a frame's path and metadata. */
const framingBytes = 64 * kibibyte;
/** How many bytes of metadata a call may have in either direction. */
export const maximumMetadataBytes = 16 * kibibyte;

/** How many calls may be outstanding with one server at a time. */
export const defaultWindow = 1024;

/** How long the pause before another attempt becomes at most, of a call as of a connection. */
export const longestPauseMilliseconds = 1000;

export interface Keepalive {
  /** How long a connection is silent before the other side is asked whether it lives. */
  readonly intervalMilliseconds: number;
  /** How long it may take to answer. */
  readonly timeoutMilliseconds: number;
}

const defaultKeepalive: Keepalive = { intervalMilliseconds: 1000, timeoutMilliseconds: 2000 };

/** What both ends of a network connection agree to. */
export interface ConnectionLimits {
  /** The length up to which messages pass, in either direction; 1 MiB and 64 KiB unless said otherwise, 4 MiB at most. */
  readonly maximumMessageBytes?: number;
  /** How many calls may be outstanding with one server at a time: 1,024 unless said otherwise. */
  readonly window?: number;
  /** A second of silence and 2 for the answer unless said otherwise, so that a half-open connection is found within 3. */
  readonly keepalive?: Keepalive;
}

/** @throws RangeError where it is not a length up to 4 MiB */
export function messageLimit({ maximumMessageBytes = defaultMaximumMessageBytes }: ConnectionLimits): number {
  if (!Number.isInteger(maximumMessageBytes) || maximumMessageBytes < 1 || maximumMessageBytes > largestMaximumMessageBytes) {
    throw new RangeError(`maximumMessageBytes must be a whole number from 1 to ${largestMaximumMessageBytes}`);
  }
  return maximumMessageBytes;
}

/**
 * How long a batch of frames from a server may be: the server's limit may be another than the client's, and what is too long for one call must not
 * break the stream of all. The client itself looks at each message in it.
 */
export const longestBatchBytes = largestMaximumMessageBytes + framingBytes;

/** What grpc-js is told of the limits, on both sides. */
export function grpcOptions(limits: ConnectionLimits): Record<string, number> {
  const { intervalMilliseconds, timeoutMilliseconds } = limits.keepalive ?? defaultKeepalive;
  return {
    "grpc.max_receive_message_length": messageLimit(limits) + framingBytes,
    "grpc.max_send_message_length": messageLimit(limits) + framingBytes,
    "grpc.keepalive_time_ms": intervalMilliseconds,
    "grpc.keepalive_timeout_ms": timeoutMilliseconds,
    "grpc.keepalive_permit_without_calls": 1,
    "grpc-node.flow_control_window": mebibyte,
    "grpc.enable_channelz": 0,
  };
}
