import { expect, test } from "vitest";
import { replaceSection } from "./section.ts";

const page =
  "# Page\n\n<!-- measured: one -->\nold\n<!-- /measured: one -->\n\nby hand\n\n<!-- measured: two -->\n<!-- /measured: two -->\n";

test("only the section changes, and what is written by hand stays", () => {
  expect(replaceSection(page, "one", "new\n")).toBe(page.replace("\nold\n", "\n\nnew\n\n"));
});

test("a section can be replaced again and again", () => {
  expect(replaceSection(replaceSection(page, "two", "a"), "two", "b")).toBe(replaceSection(page, "two", "b"));
});

test("a page without the section is refused", () => {
  expect(() => replaceSection(page, "three", "new")).toThrow("measured: three");
});
