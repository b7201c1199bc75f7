import type { PageOf } from "@signet/storage";
import type { Row } from "./row.ts";

/** A page out of the rows that were asked for: one more than the limit, so that the last page is known for one. */
export function pageOf<Item>(
  rows: readonly Row[],
  limit: number,
  item: (row: Row) => Item,
  cursor: (last: Item) => string,
): PageOf<Item> {
  const items = rows.slice(0, limit).map(item);
  const last = items.at(-1);
  return rows.length > limit && last !== undefined ? { items, nextCursor: cursor(last) } : { items };
}
