import type { mux } from "@signet/contracts";
import { type CallContext, Metadata } from "nice-grpc-common";
import { toEntries } from "./metadata.ts";

export interface MuxCallContext extends CallContext {
  /** The trailer as it stands now. */
  trailerEntries(): mux.MetadataEntry[];
}

/** The context of a call. Few calls have a trailer, and a header is not carried: neither is made before it is wanted. */
export function callContext(metadata: Metadata, peer: string, signal: AbortSignal): MuxCallContext {
  let header: Metadata | undefined;
  let trailer: Metadata | undefined;
  return {
    metadata,
    peer,
    signal,
    get header() {
      header ??= Metadata();
      return header;
    },
    get trailer() {
      trailer ??= Metadata();
      return trailer;
    },
    sendHeader() {},
    trailerEntries: () => toEntries(trailer),
  };
}
