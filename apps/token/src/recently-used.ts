/** A map of at most `capacity` entries: a new one takes the place of the one that was not asked for the longest. */
export class RecentlyUsed<Key, Value extends NonNullable<unknown>> {
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

  /** From now on `value` is the one of `key`, and the youngest. */
  set(key: Key, value: Value): void {
    if (!this.#entries.delete(key)) this.#makeRoom();
    this.#entries.set(key, value);
  }

  delete(key: Key): void {
    this.#entries.delete(key);
  }

  isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  #makeRoom(): void {
    if (this.#entries.size < this.#capacity) return;
    for (const oldest of this.#entries.keys()) {
      this.#entries.delete(oldest);
      return;
    }
  }
}
