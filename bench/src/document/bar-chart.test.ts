import { expect, test } from "vitest";
import { barChart } from "./bar-chart.ts";

const ratio = { median: 2, minimum: 1.5, maximum: 2.5 };

test("a bar is as long as its median is to the longest, the whisker goes from the least to the most, and the target has its mark", () => {
  // From 170 to 650 pixels is 0 to 4.2: the longest of all, 4, and a twentieth.
  const chart = barChart("Ratios", [{ label: "refresh", ratio, target: 4 }]);
  expect(chart).toContain('width="228.6"');
  expect(chart).toContain('d="M341.4 74H455.7');
  expect(chart).toContain('class="target" d="M627.1 ');
  expect(chart).toContain("2.00× ");
});

test("each bar has a row of its own, and the picture grows with them", () => {
  const bars = ["one", "two", "three"].map((label) => ({ label, ratio, target: 1 }));
  const heights = [1, 3].map((count) => Number(/ height="(\d+)" role/.exec(barChart("", bars.slice(0, count)))?.[1]));
  expect((heights[1] ?? 0) - (heights[0] ?? 0)).toBe(64);
});

test("text is escaped", () => {
  expect(barChart('Signet & "peer" <1>', [])).toContain("Signet &amp; &quot;peer&quot; &lt;1>");
});

test("the line at 1 is there however large the ratios are", () => {
  const chart = barChart("", [{ label: "", ratio: { median: 30, minimum: 30, maximum: 30 }, target: 2 }]);
  expect(chart).toContain(">1×<");
  expect(chart.match(/text-anchor="middle"/g)?.length).toBeLessThan(15);
});
