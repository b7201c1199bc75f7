import { dirname } from "node:path";
import { ResourceError } from "@signet/protocol";

/** Another process, or another part of this one, has the folder open. */
export class FolderInUseError extends Error {
  override readonly name = "FolderInUseError";
  readonly folder: string;

  constructor(folder: string, options?: ErrorOptions) {
    super(`the data folder ${folder} is in use by another Signet`, options);
    this.folder = folder;
  }
}

/** A database has a schema that only a newer version of this package knows. */
export class NewerSchemaError extends Error {
  override readonly name = "NewerSchemaError";

  constructor(path: string, stored: number, known: number) {
    super(
      `${path} was written by a newer version of Signet: its schema is version ${stored}, and this one knows ${known} at most`,
    );
  }
}

/** A file of the folder is no database of Signet's, or the system does not let it be opened. */
export class UnusableDatabaseError extends Error {
  override readonly name = "UnusableDatabaseError";

  constructor(path: string, cause: Error) {
    super(`${path} cannot be opened: ${cause.message}`, { cause });
  }
}

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const busy = 5;
const readOnly = 8;
const ioError = 10;
const corrupt = 11;
const full = 13;
const cannotOpen = 14;
const notADatabase = 26;
const unusable: ReadonlySet<number | undefined> = new Set([readOnly, ioError, corrupt, full, cannotOpen, notADatabase]);

/** What `cause`, thrown by an attempt to open the database at `path`, means to whoever starts Signet; as it is where it is our own fault. */
export function openingError(cause: unknown, path: string): unknown {
  const code = primaryCode(cause);
  if (code === busy) return new FolderInUseError(dirname(path), { cause });
  return cause instanceof Error && unusable.has(code) ? new UnusableDatabaseError(path, cause) : cause;
}

/** `cause` as a store throws it: `unavailable` where the disk is at fault and the same call may succeed later, else as it is. */
export function storeError(cause: unknown): unknown {
  const code = primaryCode(cause);
  if (code !== busy && code !== ioError && code !== full) return cause;
  return new ResourceError("unavailable", "the database cannot be read or written at the moment", { cause });
}

/** `errcode` is an extended code, whose low byte is the primary one. */
function primaryCode(error: unknown): number | undefined {
  if (!(error instanceof Error) || !("errcode" in error) || typeof error.errcode !== "number") return undefined;
  return error.errcode & 0xff;
}
