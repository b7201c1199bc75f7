import { describe, expect, test } from "vitest";
import { isDisplayText } from "./display-text.ts";
import { isPageAddress } from "./page-address.ts";

describe("isDisplayText", () => {
  test.each(["", "Signet", "Žluťoučký kůň", "<b>&amp;", "日本語", "👩‍🚀", "عربي", "a\u200fb"])("%j may be shown", (value) => {
    expect(isDisplayText(value, 20)).toBe(true);
  });

  test.each(["a\tb", "a\r\nb", "\0", "\x7f", "\x9b", "\u2028", "\u202a", "\u202e", "\u2066", "\u2069", "\ud800"])(
    "%j may not",
    (value) => {
      expect(isDisplayText(value, 20)).toBe(false);
    },
  );

  test("counts UTF-16 code units", () => {
    expect([isDisplayText("👍👍", 4), isDisplayText("👍👍", 3)]).toEqual([true, false]);
  });
});

describe("isPageAddress", () => {
  test.each([
    "https://a.example",
    "https://a.example:8443/b/c.png?d=e#f",
    "http://localhost:3000/x",
    "http://127.0.0.1",
    "http://[::1]:80/",
  ])("%s may stand on a page", (value) => {
    expect(isPageAddress(value)).toBe(true);
  });

  test.each([
    "",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,x",
    "http://a.example/",
    "http://localhost.evil.test/",
    "HTTPS://a.example",
    "https:a.example",
    "https:///a.example",
    "//a.example",
    "/a",
    "https://u@a.example/",
    "https://a.example/ x",
    'https://a.example/"onload=x',
    "https://a.example/<",
    "https://a.example\\b",
    "https://a.example/\n",
    "https://ä.example/",
    "https://a;b.example/",
    `https://a.example/${"x".repeat(2048)}`,
  ])("B6: %j may not", (value) => {
    expect(isPageAddress(value)).toBe(false);
  });
});
