import { untilReplaced } from "@signet/storage";
import type { StoredDocument } from "./document.ts";
import type { DocumentCollection } from "./document-collection.ts";

/** The document with the id of `candidate`: the candidate where there was none before. All concurrent calls get the same one. */
export function establish(documents: DocumentCollection, candidate: StoredDocument): Promise<StoredDocument> {
  return untilReplaced(async () => {
    const established = await documents.find({ _id: candidate._id });
    if (established !== undefined) return established;
    return (await documents.insert(candidate)) === "inserted" ? candidate : undefined;
  });
}
