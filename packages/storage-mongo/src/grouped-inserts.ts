import { unavailable, within } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";

export type Inserted = "inserted" | "exists";

/** Inserts documents, each by itself: the outcome of each in its place. Rejects where it is not known of any. */
export type InsertMany = (documents: readonly StoredDocument[]) => Promise<readonly (Inserted | Error)[]>;

export interface GroupedInsertsOptions {
  readonly insertMany: InsertMany;
  /** Of one command. */
  readonly maximumDocuments: number;
  /** Beside those of the command under way. */
  readonly maximumWaiting: number;
  readonly deadlineMilliseconds: number;
}

interface Waiting {
  readonly document: StoredDocument;
  readonly resolve: (outcome: Inserted) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Inserts by few commands: what is to be inserted while a command is under way goes with the next one. A command costs the driver, the server and its disk
 * about the same whether it brings one document or fifty. Who inserts alone waits for nothing.
 */
export class GroupedInserts {
  readonly #options: GroupedInsertsOptions;
  readonly #waiting: Waiting[] = [];
  #isUnderWay = false;

  constructor(options: GroupedInsertsOptions) {
    this.#options = options;
  }

  /**
   * Resolves once the document was inserted, or another has already what must be unique.
   * @throws ResourceError unavailable
   */
  insert(document: StoredDocument): Promise<Inserted> {
    const { maximumWaiting, deadlineMilliseconds } = this.#options;
    if (this.#waiting.length >= maximumWaiting) return Promise.reject(unavailable("too many requests wait for the store"));
    const inserted = new Promise<Inserted>((resolve, reject) => {
      this.#waiting.push({ document, resolve, reject });
    });
    if (!this.#isUnderWay) void this.#insertAll();
    return within(deadlineMilliseconds, inserted);
  }

  async #insertAll(): Promise<void> {
    this.#isUnderWay = true;
    // What is asked for in the same turn of the event loop goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#insertGroup(this.#waiting.splice(0, this.#options.maximumDocuments));
    this.#isUnderWay = false;
  }

  async #insertGroup(group: readonly Waiting[]): Promise<void> {
    try {
      const outcomes = await this.#options.insertMany(group.map(({ document }) => document));
      for (const [index, { resolve, reject }] of group.entries()) {
        const outcome = outcomes[index];
        if (outcome === "inserted" || outcome === "exists") resolve(outcome);
        else reject(outcome ?? new Error("the outcome of an insert is missing"));
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
