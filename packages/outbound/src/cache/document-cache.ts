import { type Clock, type Instant, later } from "@signet/protocol";
import { OutboundError } from "../outbound-error.ts";

/** What was fetched; the same object for as long as it was not fetched again. */
export interface FetchedDocument {
  readonly text: string;
  readonly fetchedAt: Instant;
  readonly freshUntil: Instant;
}

interface Entry {
  document?: FetchedDocument;
  failure?: { readonly error: OutboundError; readonly until: Instant };
  flight?: Promise<FetchedDocument>;
}

export interface DocumentCacheOptions {
  readonly clock: Clock;
  readonly maximumEntries: number;
  /** Of all texts together. */
  readonly maximumBytes: number;
  /** For how long a fetch that failed is not tried again. */
  readonly failureMilliseconds: number;
}

/**
 * Fetched documents by their address. One fetch at a time for each; a failure is remembered as well, for a moment. What was not asked for the longest
 * makes room for what is new. Nothing is told that is no longer fresh.
 */
export class DocumentCache {
  readonly #options: DocumentCacheOptions;
  /** In the order of their last use. */
  readonly #entries = new Map<string, Entry>();
  #bytes = 0;

  constructor(options: DocumentCacheOptions) {
    this.#options = options;
  }

  /**
   * The document of `key`, from `fetch` where there is none that is fresh.
   * @param newerThan what was fetched before then will not do: for whoever misses in it what may be new
   * @throws OutboundError what `fetch` was rejected with, now or a moment ago
   */
  async get(key: string, newerThan: Instant | undefined, fetch: () => Promise<FetchedDocument>): Promise<FetchedDocument> {
    const now = this.#options.clock();
    const entry = this.#used(key);
    const { document, failure } = entry;
    if (document !== undefined && now < document.freshUntil && (newerThan === undefined || document.fetchedAt >= newerThan))
      return document;
    if (failure !== undefined && now < failure.until) throw failure.error;
    entry.flight ??= this.#fly(key, entry, fetch);
    return entry.flight;
  }

  #used(key: string): Entry {
    const entry = this.#entries.get(key) ?? {};
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    this.#makeRoom();
    return entry;
  }

  async #fly(key: string, entry: Entry, fetch: () => Promise<FetchedDocument>): Promise<FetchedDocument> {
    try {
      const document = await fetch();
      this.#keep(key, entry, document);
      return document;
    } catch (error) {
      // `busy` says nothing about the address: nobody has asked it.
      if (error instanceof OutboundError && error.failure !== "busy") {
        entry.failure = { error, until: later(this.#options.clock(), this.#options.failureMilliseconds) };
      }
      throw error;
    } finally {
      delete entry.flight;
    }
  }

  #keep(key: string, entry: Entry, document: FetchedDocument): void {
    const isHeld = this.#entries.get(key) === entry;
    if (isHeld) this.#bytes += sizeOf(document) - sizeOf(entry.document);
    entry.document = document;
    delete entry.failure;
    this.#makeRoom();
  }

  #makeRoom(): void {
    for (const [key, { document }] of this.#entries) {
      if (this.#entries.size <= this.#options.maximumEntries && this.#bytes <= this.#options.maximumBytes) return;
      this.#entries.delete(key);
      this.#bytes -= sizeOf(document);
    }
  }
}

function sizeOf(document: FetchedDocument | undefined): number {
  return document === undefined ? 0 : document.text.length * 2;
}
