import type { mux } from "@signet/contracts";
import { type CallContext, Metadata } from "nice-grpc-common";
import type { CallLife } from "../../stack/deadline.ts";
import { toEntries } from "./metadata.ts";

/** The context of a call. Few calls have a trailer or ask for their signal, and a header is not carried: none is made before it is wanted. */
export class MuxCallContext implements CallContext {
  readonly metadata: Metadata;
  readonly peer: string;
  readonly #life: CallLife;
  #header: Metadata | undefined;
  #trailer: Metadata | undefined;

  constructor(metadata: Metadata, peer: string, life: CallLife) {
    this.metadata = metadata;
    this.peer = peer;
    this.#life = life;
  }

  get signal(): AbortSignal {
    return this.#life.signal;
  }

  get header(): Metadata {
    this.#header ??= Metadata();
    return this.#header;
  }

  get trailer(): Metadata {
    this.#trailer ??= Metadata();
    return this.#trailer;
  }

  sendHeader(): void {}

  /** The trailer as it stands now. */
  trailerEntries(): mux.MetadataEntry[] {
    return toEntries(this.#trailer);
  }
}
