/** Values by key, each loaded when it is first asked for. */
export interface LoadingCache<Value> {
  /**
   * The value that is held where its loading began less than `maximumAge` milliseconds ago, else what `load` gives; undefined where there is no such
   * thing. Concurrent callers share one load, and an error is not held.
   */
  get(key: string, maximumAge: number, load: () => Promise<Value | undefined>): Promise<Value | undefined>;
  /** What is being loaded at this moment reaches its callers, but is not held. */
  drop(key: string): void;
  dropWhere(matches: (key: string) => boolean): void;
  dropOlderThan(age: number): void;
  clear(): void;
}

export interface LoadingCacheOptions {
  /** How many values are held at most; the one not used for longest goes first. */
  readonly capacity: number;
  /** Milliseconds since some moment; never goes back. */
  readonly elapsed: () => number;
  /** Hears of each time that something is asked for: a hit where no load had to begin for it. */
  readonly onLookUp?: ((isHit: boolean) => void) | undefined;
}

interface Entry<Value> {
  readonly promise: Promise<Value | undefined>;
  /** When its loading began: what it says may be as old as that. */
  readonly since: number;
}

/** How long it is held that there is no such thing, at most. */
const maximumAbsenceAge = 1000;

/** An empty cache, in the memory of this process. */
export function createLoadingCache<Value>({ capacity, elapsed, onLookUp }: LoadingCacheOptions): LoadingCache<Value> {
  const loading = new Map<string, Entry<Value>>();
  const present = new Map<string, Entry<Value>>();
  /** Apart, so that whoever asks for things that do not exist drives out none that do. */
  const absent = new Map<string, Entry<Value>>();
  const all = [loading, present, absent];
  const absentCapacity = Math.max(1, Math.floor(capacity / 10));

  function start(key: string, load: () => Promise<Value | undefined>): Promise<Value | undefined> {
    const since = elapsed();
    const entry: Entry<Value> = { promise: load(), since };
    loading.set(key, entry);
    entry.promise.then(
      (value) => {
        if (!hasLoaded(key, entry)) return;
        if (value === undefined) put(absent, absentCapacity, key, entry);
        else put(present, capacity, key, entry);
      },
      () => hasLoaded(key, entry),
    );
    return entry.promise;
  }

  /** False where the entry was dropped while it was loading. */
  function hasLoaded(key: string, entry: Entry<Value>): boolean {
    return loading.get(key) === entry && loading.delete(key);
  }

  function dropIf(isDropped: (key: string, entry: Entry<Value>) => boolean): void {
    for (const entries of all) {
      for (const [key, entry] of entries) if (isDropped(key, entry)) entries.delete(key);
    }
  }

  /** What is held or under way and young enough. */
  function find(key: string, maximumAge: number): Promise<Value | undefined> | undefined {
    const now = elapsed();
    const held = present.get(key);
    if (held !== undefined && now - held.since < maximumAge) {
      put(present, capacity, key, held);
      return held.promise;
    }
    const missing = absent.get(key);
    if (missing !== undefined && now - missing.since < Math.min(maximumAge, maximumAbsenceAge)) return missing.promise;
    const underWay = loading.get(key);
    return underWay !== undefined && now - underWay.since < maximumAge ? underWay.promise : undefined;
  }

  return {
    get(key, maximumAge, load) {
      const found = find(key, maximumAge);
      onLookUp?.(found !== undefined);
      if (found !== undefined) return found;
      present.delete(key);
      absent.delete(key);
      return start(key, load);
    },
    drop(key) {
      for (const entries of all) entries.delete(key);
    },
    dropWhere: (matches) => dropIf((key) => matches(key)),
    dropOlderThan(age) {
      const oldest = elapsed() - age;
      dropIf((_key, entry) => entry.since <= oldest);
    },
    clear() {
      for (const entries of all) entries.clear();
    },
  };
}

/** Puts the entry last, and takes out the first where there are too many. */
function put<Value>(entries: Map<string, Entry<Value>>, capacity: number, key: string, entry: Entry<Value>): void {
  entries.delete(key);
  entries.set(key, entry);
  if (entries.size <= capacity) return;
  for (const first of entries.keys()) {
    entries.delete(first);
    return;
  }
}
