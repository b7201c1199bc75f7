import type { PageOf } from "@signet/storage";
import type { StoredDocument } from "./document.ts";

/** A page out of the documents that were asked for: one more than the limit, so that the last page is known for one. */
export function pageOf<Item>(
  documents: readonly StoredDocument[],
  limit: number,
  item: (document: StoredDocument) => Item,
  cursor: (last: Item) => string,
): PageOf<Item> {
  const items = documents.slice(0, limit).map(item);
  const last = items.at(-1);
  return documents.length > limit && last !== undefined ? { items, nextCursor: cursor(last) } : { items };
}
