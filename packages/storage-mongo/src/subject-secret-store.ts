import type { SubjectSecretStore } from "@signet/storage";
import { text } from "@signet/storage/adapter";
import { DocumentCollection } from "./document-collection.ts";
import { establish } from "./establish.ts";
import type { MongoConnection } from "./mongo-connection.ts";

export function mongoSubjectSecretStore(connection: MongoConnection): SubjectSecretStore {
  const secrets = new DocumentCollection(connection, "subject_secrets");
  return {
    async establish(tenant, candidate) {
      return text(await establish(secrets, { _id: tenant, secret: candidate }), "secret");
    },
    async find(tenant) {
      const document = await secrets.find({ _id: tenant });
      return document && text(document, "secret");
    },
    async deleteTenant(tenant) {
      await secrets.delete({ _id: tenant });
    },
  };
}
