import { ResourceError } from "@signet/protocol";

/** What was last told by key, for what is public and grants nothing: better old than not there. It is held in the memory of this process alone. */
export interface LastKnown<Value> {
  /**
   * What `ask` gives. Where that is unavailable, or does not come in time, what it gave the last time, however long ago that was; then nobody is asked
   * again for a second. Undefined is what does not exist, and is not held.
   * @throws what `ask` throws, where nothing is known, or where it is another error
   */
  get(key: string, ask: () => Promise<Value>): Promise<Value>;
}

export interface LastKnownOptions {
  /** How many are held at most; the one not asked for longest goes first. */
  readonly capacity?: number;
  /** How long an answer may take where an older one is known. */
  readonly patienceMilliseconds: number;
}

interface Known<Value> {
  readonly value: Value;
  /** By `performance.now()`: until then it is given without a question. */
  restsUntil: number;
}

const restMilliseconds = 1000;

export function createLastKnown<Value>({ capacity = 16_000, patienceMilliseconds }: LastKnownOptions): LastKnown<Value> {
  const known = new Map<string, Known<Value>>();

  async function ask(key: string, question: () => Promise<Value>): Promise<Value> {
    const value = await question();
    known.delete(key);
    if (value !== undefined) known.set(key, { value, restsUntil: 0 });
    const [first] = known.keys();
    if (known.size > capacity && first !== undefined) known.delete(first);
    return value;
  }

  return {
    async get(key, question) {
      const earlier = known.get(key);
      if (earlier === undefined) return ask(key, question);
      if (performance.now() < earlier.restsUntil) return earlier.value;
      try {
        return await within(patienceMilliseconds, ask(key, question));
      } catch (error) {
        if (!(error instanceof ResourceError && error.kind === "unavailable")) throw error;
        earlier.restsUntil = performance.now() + restMilliseconds;
        return earlier.value;
      }
    },
  };
}

/** @throws ResourceError unavailable where the answer takes longer */
function within<Value>(milliseconds: number, answer: Promise<Value>): Promise<Value> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new ResourceError("unavailable", "no answer in time")), milliseconds);
    answer.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}
