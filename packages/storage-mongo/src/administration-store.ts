import type { AdministrationStore } from "@signet/storage";
import { text } from "@signet/storage/adapter";
import { DocumentCollection } from "./document-collection.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/** One document holds the deployment's token. */
const _id = "token";

export function mongoAdministrationStore(connection: MongoConnection): AdministrationStore {
  const administration = new DocumentCollection(connection, "administration");
  return {
    async establishTokenHash(hash) {
      return (await administration.insert({ _id, hash })) === "inserted" ? "established" : "exists";
    },
    async replaceTokenHash(hash) {
      await administration.upsert(_id, { $set: { hash } });
    },
    async findTokenHash() {
      const document = await administration.find({ _id });
      return document && text(document, "hash");
    },
  };
}
