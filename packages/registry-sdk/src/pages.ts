/** One page of a list; `nextCursor` is empty on the last one. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly nextCursor: string;
}

/** All items of a list, each page asked for when the one before has been used up. */
export async function* itemsOf<Item>(load: (cursor: string) => Promise<Page<Item>>): AsyncGenerator<Item, void, undefined> {
  let cursor = "";
  do {
    const { items, nextCursor } = await load(cursor);
    yield* items;
    cursor = nextCursor;
  } while (cursor !== "");
}
