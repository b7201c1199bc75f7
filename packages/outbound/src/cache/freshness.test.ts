import fc from "fast-check";
import { expect, test } from "vitest";
import { freshMilliseconds } from "./freshness.ts";

const now = Date.parse("Fri, 15 Jan 2027 08:00:00 GMT");
const bounds = { minimumMilliseconds: 1000, maximumMilliseconds: 3_600_000, otherwiseMilliseconds: 60_000 };

test.each<[string, Record<string, string>, number]>([
  ["nothing", {}, 60_000],
  ["max-age", { "cache-control": "public, max-age=120" }, 120_000],
  ["max-age in quotes", { "cache-control": 'Max-Age="120"' }, 120_000],
  ["max-age less the age", { "cache-control": "max-age=120", age: "20" }, 100_000],
  ["an age beyond max-age", { "cache-control": "max-age=120", age: "500" }, 1000],
  ["max-age beyond the maximum", { "cache-control": "max-age=9999999" }, 3_600_000],
  ["max-age that is no number", { "cache-control": "max-age=soon" }, 1000],
  ["no-store", { "cache-control": "no-store, max-age=120" }, 1000],
  ["no-cache", { "cache-control": "no-cache" }, 1000],
  ["Expires", { expires: "Fri, 15 Jan 2027 08:05:00 GMT" }, 300_000],
  [
    "Expires by the server's own date",
    { expires: "Fri, 15 Jan 2027 09:05:00 GMT", date: "Fri, 15 Jan 2027 09:00:00 GMT" },
    300_000,
  ],
  ["Expires in the past", { expires: "Thu, 14 Jan 2027 08:05:00 GMT" }, 1000],
  ["Expires that is no date", { expires: "0" }, 1000],
  ["max-age before Expires", { "cache-control": "max-age=10", expires: "Fri, 15 Jan 2027 08:05:00 GMT" }, 10_000],
])("%s", (_what, headers, expected) => {
  expect(freshMilliseconds(headers, now, bounds)).toBe(expected);
});

test("whatever the headers say, a document is fresh within the bounds", () => {
  const text = fc.oneof(fc.string(), fc.constantFrom("max-age=-1", "max-age=1e9", "no-store", "max-age=99999999999999999999"));
  fc.assert(
    fc.property(text, text, text, text, (cacheControl, age, expires, date) => {
      const fresh = freshMilliseconds({ "cache-control": cacheControl, age, expires, date }, now, bounds);
      expect(fresh).toBeGreaterThanOrEqual(bounds.minimumMilliseconds);
      expect(fresh).toBeLessThanOrEqual(bounds.maximumMilliseconds);
    }),
  );
});
