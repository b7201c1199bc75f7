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

/** Primary result codes of SQLite, https://www.sqlite.org/rescode.html */
const busy = 5;
const ioError = 10;
const full = 13;

export function isBusy(error: unknown): boolean {
  return primaryCode(error) === busy;
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
