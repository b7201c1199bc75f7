import { readFile } from "node:fs/promises";
import { expect, onTestFinished, test } from "vitest";
import { createMetrics } from "./metrics.ts";

const folder = new URL("../../../", import.meta.url);

/** What Prometheus calls the parts of a histogram. */
const parts = /_(?:bucket|sum|count)$/;

async function exported(): Promise<ReadonlyMap<string, string>> {
  const { registry, stop } = createMetrics("gateway");
  onTestFinished(stop);
  return new Map((await registry.getMetricsAsJSON()).map(({ name, type }) => [name, String(type)]));
}

interface Panel {
  readonly title: string;
  readonly targets?: readonly { readonly expr: string }[];
}

async function queries(): Promise<readonly { readonly title: string; readonly expr: string }[]> {
  const dashboard: { readonly panels: readonly Panel[] } = JSON.parse(
    await readFile(new URL("deploy/grafana/signet.json", folder), "utf8"),
  );
  return dashboard.panels.flatMap(({ title, targets = [] }) => targets.map(({ expr }) => ({ title, expr })));
}

const metricNames = (text: string) => [...text.matchAll(/\b(?:signet|process|nodejs)_\w+/g)].map(([name]) => name);

test("the dashboard asks for metrics that there are, and for the parts of histograms alone by their parts", async () => {
  const metrics = await exported();
  const asked = (await queries()).flatMap(({ expr }) => metricNames(expr));
  expect(asked.length).toBeGreaterThan(30);
  const unknown = asked.filter((name) => {
    const whole = metrics.get(name);
    return whole === undefined ? metrics.get(name.replace(parts, "")) !== "histogram" : whole === "histogram";
  });
  expect(unknown).toEqual([]);
});

test("the dashboard shows every metric", async () => {
  const shown = new Set((await queries()).flatMap(({ expr }) => metricNames(expr).map((name) => name.replace(parts, ""))));
  expect([...(await exported()).keys()].filter((name) => !shown.has(name))).toEqual([]);
});

test("the labels that the dashboard groups by are the metrics'", async () => {
  const { registry, stop } = createMetrics("gateway");
  onTestFinished(stop);
  const added = ["le", "job", "instance"];
  for (const { title, expr } of await queries()) {
    const labels = metricNames(expr).flatMap((name) => {
      const metric = registry.getSingleMetric(name) ?? registry.getSingleMetric(name.replace(parts, ""));
      return metric !== undefined && "labelNames" in metric && Array.isArray(metric.labelNames) ? metric.labelNames : [];
    });
    const grouped = [...expr.matchAll(/by \(([^)]+)\)/g)].flatMap(([, list = ""]) => list.split(", "));
    expect([title, grouped.filter((label) => !added.includes(label) && !labels.includes(label))]).toEqual([title, []]);
  }
});

test("the documentation has a row for every metric, and for no other", async () => {
  const documentation = await readFile(new URL("docs/telemetry.md", folder), "utf8");
  const rows = [...documentation.matchAll(/^\| `((?:signet|process|nodejs)_\w+)` \|/gm)].map(([, name]) => name);
  expect(rows.toSorted()).toEqual([...(await exported()).keys()].toSorted());
});
