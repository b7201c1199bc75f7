import { unwatchFile, watchFile } from "node:fs";

/** A setting that may change while the process runs, because it is kept in a file. */
export interface Current<Value> {
  readonly value: Value;
  /** Calls `listener` after each change, until the function that it returns is called. Does not keep the process alive. */
  onChange(listener: (value: Value) => void): () => void;
}

/** One that cannot change. */
export function constant<Value>(value: Value): Current<Value> {
  return { value, onChange: () => () => {} };
}

const pollMilliseconds = 1000;

/**
 * The value of a file as of a second ago. A content that `read` refuses changes nothing: a file that is half written is no reason to forget what
 * was valid.
 */
export function ofFile<Value>(path: string, initial: Value, read: () => Value | undefined): Current<Value> {
  let value = initial;
  return {
    get value() {
      return value;
    },
    onChange(listener) {
      const reread = () => {
        const next = read();
        if (next === undefined) return;
        value = next;
        listener(next);
      };
      // Asked for its state rather than watched: a file that was mounted, or replaced through a link, tells nobody of its change.
      watchFile(path, { interval: pollMilliseconds, persistent: false }, reread);
      return () => unwatchFile(path, reread);
    },
  };
}
