import { expect, test } from "vitest";
import { type PageRequest, pagesOf } from "./page.ts";

const letters = ["a", "b", "c", "d", "e"];

/** As a store gives them: the cursor is the position that the next page begins at. */
async function lettersOn({ limit, cursor = "0" }: PageRequest) {
  const end = Number(cursor) + limit;
  return { items: letters.slice(Number(cursor), end), ...(end < letters.length ? { nextCursor: String(end) } : {}) };
}

test("all pages come in their order, up to the one without a next", async () => {
  expect(await Array.fromAsync(pagesOf(2, lettersOn))).toEqual([["a", "b"], ["c", "d"], ["e"]]);
});

test("no page is asked for before the one before has been used up", async () => {
  const asked: (string | undefined)[] = [];
  for await (const page of pagesOf(2, (request) => {
    asked.push(request.cursor);
    return lettersOn(request);
  })) {
    if (page.includes("c")) break;
  }
  expect(asked).toEqual([undefined, "2"]);
});
