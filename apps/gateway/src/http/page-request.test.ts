import { expect, test } from "vitest";
import { pageRequest } from "./page-request.ts";

const asked = (query: Record<string, string>) => pageRequest(new Map(Object.entries(query)));

test("a page is described by limit and cursor", () => {
  expect(asked({ limit: "200", cursor: "abc" })).toStrictEqual({ limit: 200, cursor: "abc" });
});

test("without a limit the service decides, without a cursor the list begins", () => {
  expect(asked({})).toStrictEqual({ limit: 0, cursor: "" });
});

test.each(["0", "201", "-1", "1.5", "1e2", "", " 5", "ten", "99999999999"])("a limit of %j is refused", (limit) => {
  expect(() => asked({ limit })).toThrow("limit must be a whole number from 1 to 200");
});

test("a cursor that is too long to be one is refused", () => {
  expect(() => asked({ cursor: "a".repeat(513) })).toThrow("cursor must be the one that came with the page before");
});
