import { expect, test } from "vitest";
import type { PageOf, PageRequest } from "../page.ts";

/** A list of a store, seen as nothing but a list. */
export interface Paged<Item> {
  /** Adds `count` new items. */
  add(count: number): Promise<readonly Item[]>;
  list(page: PageRequest): Promise<PageOf<Item>>;
  /** What the list is in the order of. */
  key(item: Item): string;
}

/** A list that items can be taken from. */
export interface ShrinkingPaged<Item> extends Paged<Item> {
  remove(item: Item): Promise<unknown>;
}

/** What every paged list promises whose items can be removed; `open` gives an empty one. */
export function pageContract<Item>(open: () => Promise<ShrinkingPaged<Item>>): void {
  growingPageContract(open);

  test("an item that is deleted between two pages takes no other with it", async () => {
    const { add, remove, list, key } = await open();
    const [first, second, third, fourth] = inOrder(await add(4), key);
    const page = await list({ limit: 2 });
    expect(page.items).toStrictEqual([first, second]);
    if (second === undefined || third === undefined) throw new Error("four items were added");
    await remove(second);
    await remove(third);
    expect(await everyPage(list, 2, page.nextCursor)).toStrictEqual([[fourth]]);
  });
}

/** What a paged list promises whatever becomes of its items; `open` gives an empty one. */
export function growingPageContract<Item>(open: () => Promise<Paged<Item>>): void {
  test("a list of nothing is empty and has no cursor", async () => {
    const { list } = await open();
    expect(await list({ limit: 10 })).toStrictEqual({ items: [] });
  });

  test.each([1, 2, 3, 7, 8, 200])("a list has every item once, in order, in pages of %i", async (limit) => {
    const { add, list, key } = await open();
    const added = inOrder(await add(7), key);
    const pages = await everyPage(list, limit);
    expect(pages.flat()).toStrictEqual(added);
    expect(pages.map((page) => page.length)).toStrictEqual(pageLengths(7, limit));
  });

  test("a long page comes whole", async () => {
    const { add, list, key } = await open();
    const added = inOrder(await add(120), key);
    expect((await everyPage(list, 110)).map((page) => page.map(key))).toStrictEqual([
      added.slice(0, 110).map(key),
      added.slice(110).map(key),
    ]);
  });

  test("an item that is added between two pages repeats no other", async () => {
    const { add, list, key } = await open();
    const before = await add(6);
    const page = await list({ limit: 3 });
    await add(6);
    const seen = [...page.items, ...(await everyPage(list, 3, page.nextCursor)).flat()].map(key);
    expect(new Set(seen).size).toBe(seen.length);
    expect(seen).toEqual(expect.arrayContaining(before.map(key)));
  });
}

async function everyPage<Item>(list: Paged<Item>["list"], limit: number, from?: string): Promise<Item[][]> {
  const pages: Item[][] = [];
  let cursor = from;
  do {
    const page: PageOf<Item> = await list(cursor === undefined ? { limit } : { limit, cursor });
    pages.push([...page.items]);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return pages;
}

function pageLengths(count: number, limit: number): number[] {
  return count <= limit ? [count] : [limit, ...pageLengths(count - limit, limit)];
}

function inOrder<Item>(items: readonly Item[], key: (item: Item) => string): Item[] {
  return items.toSorted((one, other) => (key(one) < key(other) ? -1 : 1));
}
