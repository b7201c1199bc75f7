import { mkdir, readFile, writeFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { replaceSection } from "./section.ts";

const docs = new URL("../../../docs/", import.meta.url);
const page = fileURLToPath(new URL("performance.md", docs));

/**
 * Puts a report as it is printed into docs/performance.md.
 * @throws Error where the page has no section of that name
 */
export async function writeReport(name: "growth" | "overload" | "floor", report: string): Promise<void> {
  await writeFile(page, replaceSection(await readFile(page, "utf8"), name, `\`\`\`text\n${report}\n\`\`\``));
}

/**
 * Puts what was measured into docs/performance.md, and its plot beside the other pictures.
 * @throws Error where the page has no section of that name
 */
export async function writePerformance(name: "one-process" | "services", section: string, chart: string): Promise<void> {
  const image = `images/performance-${name}.svg`;
  const text = `![The ratios of the table below](${image})\n\n${section}`;
  const changed = replaceSection(await readFile(page, "utf8"), name, text);
  await mkdir(new URL("images/", docs), { recursive: true });
  await writeFile(new URL(image, docs), chart);
  await writeFile(page, changed);
}
