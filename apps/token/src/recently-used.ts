/** A map of at most `capacity` entries: a new one takes the place of the one that was not asked for the longest. */
export class RecentlyUsed<Key, Value extends object> {
  readonly #entries = new Map<Key, Value>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** The value of `key`, made where there is none. */
  get(key: Key, make: () => Value): Value {
    const present = this.#entries.get(key);
    // A Map keeps the order of insertion: taken out and put in again, an entry is the youngest.
    if (present !== undefined) this.#entries.delete(key);
    else this.#makeRoom();
    const value = present ?? make();
    this.#entries.set(key, value);
    return value;
  }

  /** The value of `key` where there is one, which stays as old as it was. */
  find(key: Key): Value | undefined {
    return this.#entries.get(key);
  }

  #makeRoom(): void {
    if (this.#entries.size < this.#capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
