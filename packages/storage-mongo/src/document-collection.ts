import { untilReplaced } from "@signet/storage";
import { type Collection, type Db, type Document, type Filter, MongoBulkWriteError, type UpdateFilter } from "mongodb";
import type { StoredDocument } from "./document.ts";
import { bulkWriteOutcomes, isDuplicateKey } from "./errors.ts";
import type { MongoConnection } from "./mongo-connection.ts";

type DriverDocument = Document & { readonly _id: string };

export type DocumentFilter = Filter<DriverDocument>;
export type DocumentUpdate = UpdateFilter<DriverDocument>;
/** The members that are read, by 1, or all but those that are not, by 0; all where there are none. A dotted name is one of an embedded document. */
export type Projection = Readonly<Record<string, 0 | 1>>;

export type Inserted = "inserted" | "exists";

const pageSize = 200;

/** A collection by what stores do with it. Whatever changes one document does so in one atomic step. */
export class DocumentCollection {
  readonly #connection: MongoConnection;
  readonly #name: string;
  readonly #projection: Projection;
  #latest: { readonly database: Db; readonly collection: Collection<DriverDocument> } | undefined;

  /** `projection` is what `find` and `list` read of each document, unless a call says otherwise. */
  constructor(connection: MongoConnection, name: string, projection: Projection = {}) {
    this.#connection = connection;
    this.#name = name;
    this.#projection = projection;
  }

  async find(filter: DocumentFilter, projection = this.#projection): Promise<StoredDocument | undefined> {
    return (await this.#run((collection) => collection.findOne(filter, { projection }))) ?? undefined;
  }

  /** Of those that `filter` finds, the last one in the order of `member`. */
  async findLast(filter: DocumentFilter, member: string): Promise<StoredDocument | undefined> {
    const options = { projection: this.#projection, sort: { [member]: -1 } } as const;
    return (await this.#run((collection) => collection.findOne(filter, options))) ?? undefined;
  }

  async exists(filter: DocumentFilter): Promise<boolean> {
    return (await this.#run((collection) => collection.findOne(filter, { projection: { _id: 1 } }))) !== null;
  }

  /** How many there are; `limit` where there are more. */
  async count(filter: DocumentFilter, limit: number): Promise<number> {
    return await this.#run((collection) => collection.countDocuments(filter, { limit }));
  }

  /** Up to `limit` documents in the order of `member`. */
  async list(filter: DocumentFilter, member: string, limit: number): Promise<readonly StoredDocument[]> {
    return await this.#run((collection) =>
      collection
        .find(filter, { projection: this.#projection })
        .sort({ [member]: 1 })
        // With a negative limit they come in one answer, which without a size of its own would hold 101 at most.
        .limit(-limit)
        .batchSize(limit)
        .toArray(),
    );
  }

  /** `exists` where a document has already what must be unique. */
  insert(document: StoredDocument): Promise<Inserted> {
    return this.#run(async (collection) => {
      try {
        await collection.insertOne(document);
        return "inserted";
      } catch (error) {
        if (isDuplicateKey(error)) return "exists";
        throw error;
      }
    });
  }

  /** Those of the documents with these ids that there are, by one query. */
  async findAll(ids: readonly string[], projection = this.#projection): Promise<readonly StoredDocument[]> {
    return await this.#run((collection) =>
      collection
        .find({ _id: { $in: [...ids] } }, { projection })
        .limit(-ids.length)
        .batchSize(ids.length)
        .toArray(),
    );
  }

  /** As many inserts, by one command; the outcome of each. */
  insertMany(documents: readonly StoredDocument[]): Promise<readonly (Inserted | Error)[]> {
    return this.#run(async (collection) => {
      try {
        await collection.insertMany([...documents], { ordered: false });
        return documents.map(() => "inserted");
      } catch (error) {
        if (error instanceof MongoBulkWriteError) return bulkWriteOutcomes(error, documents.length);
        throw error;
      }
    });
  }

  /** Whether there was one to replace. */
  async replace(filter: DocumentFilter, document: StoredDocument): Promise<boolean> {
    const { matchedCount } = await this.#run((collection) => collection.replaceOne(filter, document));
    return matchedCount === 1;
  }

  /** Whether there was one to update. */
  async update(filter: DocumentFilter, update: DocumentUpdate): Promise<boolean> {
    const { matchedCount } = await this.#run((collection) => collection.updateOne(filter, update));
    return matchedCount === 1;
  }

  /** The document as it is after the update; undefined where there was none to update. */
  async updateAndFind(filter: DocumentFilter, update: DocumentUpdate): Promise<StoredDocument | undefined> {
    const options = { returnDocument: "after" } as const;
    return (await this.#run((collection) => collection.findOneAndUpdate(filter, update, options))) ?? undefined;
  }

  /** Updates the first document that `filter` finds, in the order of `member`: as it is after that. Of concurrent calls each gets another. */
  async updateAndFindFirst(filter: DocumentFilter, member: string, update: DocumentUpdate): Promise<StoredDocument | undefined> {
    const options = { returnDocument: "after", sort: { [member]: 1 } } as const;
    return (await this.#run((collection) => collection.findOneAndUpdate(filter, update, options))) ?? undefined;
  }

  /** Updates whatever `filter` finds, page by page. It must not find any more what was updated. */
  async updateAll(filter: DocumentFilter, update: DocumentUpdate): Promise<void> {
    for (;;) {
      const page = await this.#run((collection) =>
        collection
          .find(filter, { projection: { _id: 1 } })
          .limit(-pageSize)
          .batchSize(pageSize)
          .toArray(),
      );
      if (page.length === 0) return;
      const found = { _id: { $in: page.map(({ _id }) => _id) } };
      await this.#run((collection) => collection.updateMany(found, update));
    }
  }

  /** Updates the document with the id, or an empty one where there is none. */
  async upsert(id: string, update: DocumentUpdate): Promise<void> {
    // Of several who find none at once one may insert it, and the others are told that it is there: they update it then.
    await untilReplaced(() =>
      this.#run(async (collection) => {
        try {
          await collection.updateOne({ _id: id }, update, { upsert: true });
          return true;
        } catch (error) {
          if (isDuplicateKey(error)) return undefined;
          throw error;
        }
      }),
    );
  }

  /** Whether there was one to delete. */
  async delete(filter: DocumentFilter): Promise<boolean> {
    const { deletedCount } = await this.#run((collection) => collection.deleteOne(filter));
    return deletedCount === 1;
  }

  /** The document that was deleted, if there was one. */
  async deleteAndFind(filter: DocumentFilter): Promise<StoredDocument | undefined> {
    return (await this.#run((collection) => collection.findOneAndDelete(filter))) ?? undefined;
  }

  /** Deletes, page by page, all that `filter` finds but the last `kept` in the order of `member`: how many those were. */
  async deleteBefore(filter: DocumentFilter, member: string, kept: number): Promise<number> {
    for (let deleted = 0; ; ) {
      const page = await this.#run((collection) =>
        collection
          .find(filter, { projection: { _id: 1 } })
          .sort({ [member]: -1 })
          .skip(kept)
          .limit(-pageSize)
          .batchSize(pageSize)
          .toArray(),
      );
      if (page.length === 0) return deleted;
      const found = { _id: { $in: page.map(({ _id }) => _id) } };
      deleted += (await this.#run((collection) => collection.deleteMany(found))).deletedCount;
      if (page.length < pageSize) return deleted;
    }
  }

  async deleteAll(filter: DocumentFilter): Promise<void> {
    await this.#run((collection) => collection.deleteMany(filter));
  }

  #run<Result>(operation: (collection: Collection<DriverDocument>) => Promise<Result>): Promise<Result> {
    return this.#connection.run((database) => operation(this.#collectionIn(database)));
  }

  /** Made once for each driver that the connection has had: the driver works out its options anew each time. */
  #collectionIn(database: Db): Collection<DriverDocument> {
    if (this.#latest?.database !== database) {
      this.#latest = { database, collection: database.collection<DriverDocument>(this.#name) };
    }
    return this.#latest.collection;
  }
}
