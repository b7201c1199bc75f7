/** A line of the log. */
export interface Entry {
  readonly msg: string;
  readonly requestId?: string;
  readonly [member: string]: unknown;
}

/** The entries of the log: what is printed beside it at the start is no JSON. */
export function entriesOf(output: string): readonly Entry[] {
  return output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
}

/** What the port of the metrics answers, which the log names. */
export async function metricsOf(output: string): Promise<string> {
  const entry = entriesOf(output).find(({ msg }) => msg === "metrics are served");
  return await (await fetch(String(entry?.url))).text();
}
