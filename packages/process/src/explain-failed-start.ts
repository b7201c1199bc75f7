import { ConfigError } from "@signet/config";
import { ListenError } from "@signet/rpc/network";
import { StartError } from "./start-error.ts";

/** What to change so that `program` starts, a line for each problem; a stack only where the fault is Signet's own. */
export function explainFailedStart(program: string, error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map((problem) => `${program}: ${problem}\n`).join("");
  if (!(error instanceof Error)) return `${program}: ${String(error)}\n`;
  if (isReadable(error)) return `${program}: ${error.message}\n`;
  return `${program}: ${error.stack}\n`;
}

function isReadable(error: Error): boolean {
  const code = "code" in error ? String(error.code) : "";
  return error instanceof StartError || error instanceof ListenError || readableCodes.has(code);
}

/** What the system says of an address that cannot be used explains itself. */
const readableCodes = new Set(["EACCES", "EADDRINUSE", "EADDRNOTAVAIL", "ENOTFOUND"]);
