import type { PageOf } from "../page.ts";

/** A page out of what was asked for: one more than the limit, so that the last page is known for one. */
export function pageOf<Stored, Item>(
  stored: readonly Stored[],
  limit: number,
  item: (stored: Stored) => Item,
  cursor: (last: Item) => string,
): PageOf<Item> {
  const items = stored.slice(0, limit).map(item);
  const last = items.at(-1);
  return stored.length > limit && last !== undefined ? { items, nextCursor: cursor(last) } : { items };
}
