import { ConfigError } from "@signet/config";
import { StartError } from "@signet/process/start-error";
import { FolderInUseError, NewerSchemaError, UnusableDatabaseError } from "@signet/storage-embedded";

/** What to change so that Signet starts, a line for each problem; a stack only where the fault is Signet's own. */
export function explainFailedStart(error: unknown): string {
  if (error instanceof ConfigError) return error.problems.map((problem) => `signet: ${problem}\n`).join("");
  if (isReadable(error)) return `signet: ${error.message}\n`;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const message = error instanceof Error ? error.message : String(error);
  if (code === "EADDRINUSE")
    return `signet: the port is in use by another program, or by a Signet that runs already: stop it, or set SIGNET_PORT (${message})\n`;
  if (readableCodes.has(code)) return `signet: ${message}\n`;
  return `signet: ${error instanceof Error ? error.stack : message}\n`;
}

const readableErrors = [StartError, FolderInUseError, NewerSchemaError, UnusableDatabaseError];

function isReadable(error: unknown): error is Error {
  return readableErrors.some((readable) => error instanceof readable);
}

/** What the system says of a folder or an address that cannot be used explains itself. */
const readableCodes = new Set([
  ...[
    "EACCES",
    "EADDRNOTAVAIL",
    "EDQUOT",
    "EEXIST",
    "EISDIR",
    "ELOOP",
    "ENAMETOOLONG",
    "ENOENT",
    "ENOSPC",
    "ENOTDIR",
    "ENOTFOUND",
  ],
  ...["EPERM", "EROFS"],
]);
