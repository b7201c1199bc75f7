/** A value that may change while it is used. `@signet/config` gives such a one for a setting that is a file. */
export interface Current<Value> {
  readonly value: Value;
  /** Hears of each later value, until the returned function is called. */
  onChange(listener: (value: Value) => void): () => void;
}

/** One that is changed by hand. */
export interface Replaceable<Value> extends Current<Value> {
  /** @throws what whoever uses the value throws where this is no such value: the earlier one stays */
  replace(value: Value): void;
}

export function replaceable<Value>(first: Value): Replaceable<Value> {
  const listeners = new Set<(value: Value) => void>();
  let current = first;
  return {
    get value() {
      return current;
    },
    replace(value) {
      const earlier = current;
      current = value;
      try {
        for (const listener of [...listeners]) listener(value);
      } catch (error) {
        current = earlier;
        throw error;
      }
    },
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** The same for a value that stays as it is. */
export function asCurrent<Value extends object>(value: Value | Current<Value>): Current<Value> {
  return isCurrent(value) ? value : { value, onChange: () => () => {} };
}

function isCurrent<Value extends object>(value: Value | Current<Value>): value is Current<Value> {
  return "onChange" in value;
}
