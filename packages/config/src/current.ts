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

/** The value of a file as of a second ago, which was `value` when the file had `text`: as `ofFiles`. */
export function ofFile<Value>(
  path: string,
  first: { readonly text: string; readonly value: Value },
  parse: (text: string) => Parsed<Value>,
): Current<Value> {
  return ofFiles([path], { texts: [first.text], value: first.value }, ([text = ""]) => parse(text));
}

/**
 * The value that files have together, as of a second ago, which was `value` when they had `texts`. A content that cannot be used changes nothing: a file
 * that is half written, or that has been replaced before the one that belongs to it, is no reason to forget what was valid.
 */
export function ofFiles<Value>(
  paths: readonly string[],
  first: { readonly texts: readonly string[]; readonly value: Value },
  parse: (texts: readonly string[]) => Parsed<Value>,
): Current<Value> {
  let { value } = first;
  return {
    get value() {
      return value;
    },
    onChange(listener, refused = () => {}) {
      // Each listener's own: one that has heard of a change must not keep it from the others.
      let seen: readonly string[] = first.texts;
      const reread = () => {
        const texts = paths.map((path) => readSetting(path));
        if (texts.every((text, index) => (text ?? "") === seen[index])) return;
        seen = texts.map((text) => text ?? "");
        const unreadable = paths.filter((_, index) => texts[index] === undefined);
        const parsed = unreadable.length > 0 ? { problem: "cannot be read" } : parse(seen);
        if ("problem" in parsed)
          return refused(`${(unreadable.length > 0 ? unreadable : paths).join(" with ")} ${parsed.problem}`);
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
