import { expect, test } from "vitest";
import { aComparison, aMeasurement, findings } from "../report/testing/findings.ts";
import { oneProcessChart, oneProcessSection } from "./one-process-section.ts";

function rowOf(section: string, name: string): string | undefined {
  return section.split("\n").find((line) => line.startsWith(`| ${name} |`));
}

test("a work has its ratio, its target and whether that is met", () => {
  const section = oneProcessSection(findings({}));
  expect(rowOf(section, "client-credentials")).toMatch(/ \| 2\.50 \(2\.50–2\.50\)× \| .* \| ≥ 2\.5× \| met \|$/);
});

test("a work with wrong replies has no numbers", () => {
  const section = oneProcessSection(findings({ comparisons: [aComparison({ peer: [aMeasurement(200, 1)] })] }));
  expect(rowOf(section, "client-credentials")).toMatch(/^\| client-credentials( \| ){9}≥ 2\.5× \| INVALID \|$/);
});

test("every row of a table has as many cells as its head", () => {
  for (const table of oneProcessSection(findings({})).split("\n\n").slice(1)) {
    expect(new Set(table.split("\n").map((line) => line.split("|").length)).size).toBe(1);
  }
});

test("memory after many flows is told only where it was measured", () => {
  expect(rowOf(oneProcessSection(findings({})), "RSS after 100,000 code flows")).toContain("160 MB | ≤ 160 MB | met");
  expect(rowOf(oneProcessSection(findings({ afterFlows: undefined })), "RSS after 100,000 code flows")).toBeUndefined();
});

test("where other programs had the server's core, the page says what not to trust", () => {
  const disturbed = aComparison({ signet: [{ ...aMeasurement(500), serverWaitShare: 0.5 }] });
  expect(oneProcessSection(findings({ comparisons: [disturbed] }))).toContain(
    "- client-credentials: other programs kept a server waiting for 50 %",
  );
  expect(oneProcessSection(findings({}))).not.toContain("waiting");
});

test("the chart has a bar for each work", () => {
  const both = [aComparison({}), aComparison({ work: "refresh" })];
  expect(oneProcessChart(findings({ comparisons: both })).match(/class="bar"/g)).toHaveLength(2);
});
