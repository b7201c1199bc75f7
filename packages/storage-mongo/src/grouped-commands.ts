import { unavailable, within } from "@signet/storage/adapter";

export interface GroupedCommandsOptions<Item, Outcome> {
  /** One command for all the items: the outcome of each in its place. Rejects where that is not known of any. */
  readonly run: (items: readonly Item[]) => Promise<readonly (Outcome | Error)[]>;
  /** Of one command. */
  readonly maximumItems: number;
  /** Beside those of the command under way. */
  readonly maximumWaiting: number;
  readonly deadlineMilliseconds: number;
}

interface Waiting<Item, Outcome> {
  readonly item: Item;
  readonly resolve: (outcome: Outcome) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Does what is asked for at about the same time by few commands: what comes while a command is under way goes with the next one. A command costs the driver
 * and the server, and a write its disk, about the same whether it is for one document or for fifty. Who asks alone waits for nobody.
 */
export class GroupedCommands<Item, Outcome> {
  readonly #options: GroupedCommandsOptions<Item, Outcome>;
  readonly #waiting: Waiting<Item, Outcome>[] = [];
  #isUnderWay = false;

  constructor(options: GroupedCommandsOptions<Item, Outcome>) {
    this.#options = options;
  }

  /**
   * The outcome for `item`, as of after it was asked for.
   * @throws ResourceError unavailable
   */
  run(item: Item): Promise<Outcome> {
    const { maximumWaiting, deadlineMilliseconds } = this.#options;
    if (this.#waiting.length >= maximumWaiting) return Promise.reject(unavailable("too many requests wait for the store"));
    const outcome = new Promise<Outcome>((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
    });
    if (!this.#isUnderWay) void this.#runAll();
    return within(deadlineMilliseconds, outcome);
  }

  async #runAll(): Promise<void> {
    this.#isUnderWay = true;
    // What is asked for in the same turn of the event loop goes along.
    await Promise.resolve();
    while (this.#waiting.length > 0) await this.#runGroup(this.#waiting.splice(0, this.#options.maximumItems));
    this.#isUnderWay = false;
  }

  async #runGroup(group: readonly Waiting<Item, Outcome>[]): Promise<void> {
    try {
      const outcomes = await this.#options.run(group.map(({ item }) => item));
      if (outcomes.length !== group.length) throw new Error("a command has an outcome for each of its items");
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome instanceof Error) group[index]?.reject(outcome);
        else group[index]?.resolve(outcome);
      }
    } catch (error) {
      for (const { reject } of group) reject(error);
    }
  }
}
