import { ConfigError } from "@signet/config";
import { FolderInUseError } from "@signet/storage-embedded";
import { StartError } from "./start-error.ts";

/** What to change so that Signet starts, a line for each problem; a stack only where the fault is Signet's own. */
export function explainFailedStart(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map((problem) => `signet: ${problem}\n`).join("");
  if (error instanceof StartError || error instanceof FolderInUseError) return `signet: ${error.message}\n`;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (code === "EADDRINUSE") return `signet: the port is in use by another program: stop it, or set SIGNET_PORT (${message})\n`;
  if (readableCodes.has(code)) return `signet: ${message}\n`;
  return `signet: ${error instanceof Error ? error.stack : message}\n`;
}

/** What the system says of a folder or an address that cannot be used explains itself. */
const readableCodes = new Set(["EACCES", "EADDRNOTAVAIL", "ENOTDIR", "ENOTFOUND", "EPERM", "EROFS"]);
