import { readSetting } from "./read-setting.ts";

/** A setting that may change while the process runs, because it is kept in a file. */
export interface Current<Value> {
  readonly value: Value;
  /**
   * Calls `listener` after each change, also one since the setting was read first, until the function that it returns is called; and `refused` with one
   * line where a change is to something that cannot be used, which changes nothing. Does not keep the process alive.
   */
  onChange(listener: (value: Value) => void, refused?: (problem: string) => void): () => void;
}

/** What a text means, or what is wrong with it. */
export type Parsed<Value> = { readonly value: Value } | { readonly problem: string };

/** One that cannot change. */
export function constant<Value>(value: Value): Current<Value> {
  return { value, onChange: () => () => {} };
}

const pollMilliseconds = 1000;

/**
 * The value of a file as of a second ago, which was `value` when the file had `text`. A content that cannot be used changes nothing: a file that is half
 * written is no reason to forget what was valid.
 */
export function ofFile<Value>(
  path: string,
  first: { readonly text: string; readonly value: Value },
  parse: (text: string) => Parsed<Value>,
): Current<Value> {
  let { value } = first;
  return {
    get value() {
      return value;
    },
    onChange(listener, refused = () => {}) {
      // Each listener's own: one that has heard of a change must not keep it from the others.
      let seen = first.text;
      const reread = () => {
        const text = readSetting(path);
        if (text === seen) return;
        seen = text ?? "";
        const parsed = text === undefined ? { problem: "cannot be read" } : parse(text);
        if ("problem" in parsed) return refused(`${path} ${parsed.problem}`);
        value = parsed.value;
        listener(value);
      };
      // Read rather than watched: a file that was mounted, or replaced through a link, tells nobody of its change.
      const timer = setInterval(reread, pollMilliseconds).unref();
      reread();
      return () => clearInterval(timer);
    },
  };
}
