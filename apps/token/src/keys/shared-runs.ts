/**
 * A task that many want the outcome of, as of when they ask: whoever asks while it runs shares the next run, which begins after they asked. So it runs
 * once at a time, however many ask.
 */
export class SharedRuns<Outcome> {
  readonly #task: () => Promise<Outcome>;
  #running: Promise<Outcome> | undefined;
  #next: Promise<Outcome> | undefined;

  constructor(task: () => Promise<Outcome>) {
    this.#task = task;
  }

  run(): Promise<Outcome> {
    if (this.#running === undefined) return this.#begin();
    this.#next ??= this.#after(this.#running);
    return this.#next;
  }

  #begin(): Promise<Outcome> {
    const running = this.#task().finally(() => {
      if (this.#running === running) this.#running = undefined;
    });
    this.#running = running;
    return running;
  }

  async #after(running: Promise<Outcome>): Promise<Outcome> {
    await running.catch(() => {});
    this.#next = undefined;
    return this.#begin();
  }
}
