/** A table of Markdown: the first row is its head, the first column to the left, the others to the right. */
export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const alignment = head.map((_, column) => (column === 0 ? "---" : "--:"));
  return [line(head), `|${alignment.join("|")}|`, ...rows.map(line)].join("\n");
}
