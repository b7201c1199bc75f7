import { randomUUID } from "node:crypto";
import { closeSync, fchmodSync, fsyncSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";

/** Only the owner may read it. */
export const forOwner = 0o400;
/** Whoever the folder is mounted for may read it, whatever number their user has. */
export const forReaders = 0o444;

/** A folder with a secret in each file. */
export class SecretFolder {
  readonly #path: string;

  constructor(path: string) {
    this.#path = path;
  }

  /** The secret, without the white space around it; undefined where there is none. */
  read(name: string): string | undefined {
    try {
      return readFileSync(join(this.#path, name), "utf8").trim();
    } catch (error) {
      if (isErrorWith(error, "ENOENT")) return undefined;
      throw error;
    }
  }

  /** The secret, which is made where there is none. Of several that make it at a time one does, and all get the same. */
  establish(name: string, make: () => string): { readonly value: string; readonly made: boolean } {
    const there = this.read(name);
    if (there !== undefined) return { value: there, made: false };
    const value = make();
    return this.#add(name, value) ? { value, made: true } : { value: this.read(name) ?? value, made: false };
  }

  /** Puts the secret in the place of the one before, if any: whoever reads sees one of them, whole. It is on the disk once this returns. */
  replace(name: string, value: string, mode = forOwner): void {
    if (this.read(name) === value) return;
    this.#written(value, mode, (temporary) => renameSync(temporary, join(this.#path, name)));
  }

  /** Whether there was none before. */
  #add(name: string, value: string): boolean {
    return this.#written(value, forOwner, (temporary) => {
      try {
        // Unlike a rename, this fails where the name is taken.
        linkSync(temporary, join(this.#path, name));
        return true;
      } catch (error) {
        if (isErrorWith(error, "EEXIST")) return false;
        throw error;
      }
    });
  }

  #written<Result>(value: string, mode: number, name: (temporary: string) => Result): Result {
    const temporary = join(this.#path, `.${randomUUID()}`);
    try {
      const file = openSync(temporary, "wx", mode);
      try {
        // Whatever the process's umask is.
        fchmodSync(file, mode);
        writeSync(file, `${value}\n`);
        fsyncSync(file);
      } finally {
        closeSync(file);
      }
      const result = name(temporary);
      syncFolder(dirname(temporary));
      return result;
    } finally {
      rmSync(temporary, { force: true });
    }
  }
}

/** A new name stands in the folder, which has to reach the disk as well (fsync(2)). */
function syncFolder(path: string): void {
  const folder = openSync(path, "r");
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function isErrorWith(error: unknown, code: string): boolean {
  return error instanceof Error && "code" in error && error.code === code;
}
