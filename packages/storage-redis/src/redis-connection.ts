import { createHash, randomInt } from "node:crypto";
import { type Instant, instant } from "@signet/protocol";
import { unavailable, within } from "@signet/storage/adapter";
import { Redis, type RedisOptions } from "ioredis";
import { isOfReplica, isUnknownScript, storeError, withoutCommand } from "./errors.ts";
import { writeTogether } from "./written-together.ts";

export interface RedisConnectionOptions {
  readonly url: string;
  readonly deadlineMilliseconds: number;
  /** Of commands that wait for an answer. */
  readonly maximumOutstanding: number;
  readonly onError: (error: Error) => void;
}

/** Runs a script in one round trip: its keys first, then its arguments. */
export type Script = (...keysAndArguments: (string | number)[]) => Promise<unknown>;

/**
 * How long a command waits for a connection that is being made anew. A short break is bridged, and a Redis that is away is told of long before the
 * deadline, so that requests do not pile up.
 */
const patienceMilliseconds = 250;
const shortestRetryMilliseconds = 50;
const longestRetryMilliseconds = 1000;

/**
 * One connection that all stores share: Redis runs one command at a time in any case, and the driver writes commands without waiting for the answers to
 * those before. When it breaks it is made anew for as long as it takes.
 *
 * A command is sent at most once, and never after its caller was told that it failed for want of a connection. What was on its way when the
 * connection broke fails as unavailable: it may or may not have been done.
 */
export class RedisConnection {
  readonly #client: Redis;
  readonly #options: RedisConnectionOptions;
  #outstanding = 0;
  /** The next time that the connection is there, where somebody waits for it. */
  #comingReady: PromiseWithResolvers<void> | undefined;
  #isClosed = false;

  constructor(options: RedisConnectionOptions) {
    this.#options = options;
    this.#client = new Redis(options.url, {
      ...driverOptions(options.deadlineMilliseconds),
      // A server that says nothing for so long while it is asked is taken for dead, also where the network does not say so.
      socketTimeout: options.deadlineMilliseconds,
      retryStrategy: (attempts) => retryMilliseconds(attempts, randomInt(1000) / 1000),
      reconnectOnError: isOfReplica,
    });
    this.#client.on("ready", () => {
      this.#comingReady?.resolve();
      this.#comingReady = undefined;
    });
    this.#client.on("error", (error: unknown) => options.onError(withoutCommand(error)));
  }

  /**
   * What Redis answers to `command`, within the deadline.
   * @throws ResourceError unavailable
   */
  run<Reply>(command: (client: Redis) => Promise<Reply>): Promise<Reply> {
    return this.#run(command, patienceMilliseconds);
  }

  /**
   * What Redis' clock shows.
   * @throws ResourceError unavailable where Redis does not answer within the deadline
   */
  async time(): Promise<Instant> {
    const [seconds, microseconds] = await this.#run((client) => client.time(), this.#options.deadlineMilliseconds);
    return instant(Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000));
  }

  /** A script, which is sent by its digest, and in full only where Redis says that it does not know it: then it has not run. */
  script(lua: string, numberOfKeys?: number): Script {
    const digest = createHash("sha1").update(lua).digest("hex");
    const inFull = async (client: Redis, keysAndArguments: readonly (string | number)[], cause: unknown) => {
      if (!isUnknownScript(cause)) throw cause;
      return await client.call("eval", lua, ...keysAndArguments);
    };
    const run = (keysAndArguments: readonly (string | number)[]) =>
      this.run((client) =>
        client.call("evalsha", digest, ...keysAndArguments).catch((cause: unknown) => inFull(client, keysAndArguments, cause)),
      );
    return numberOfKeys === undefined
      ? (...keysAndArguments) => run(keysAndArguments)
      : (...keysAndArguments) => run([numberOfKeys, ...keysAndArguments]);
  }

  /** A connection of its own to the same place, for commands that block. It is not made anew when it breaks. */
  async connectAnother(signal: AbortSignal): Promise<Redis> {
    if (signal.aborted) throw unavailable("the store was closed");
    const client = new Redis(this.#options.url, {
      ...driverOptions(this.#options.deadlineMilliseconds),
      lazyConnect: true,
      retryStrategy: null,
    });
    // What goes wrong is told by the commands that fail with it.
    client.on("error", () => {});
    signal.addEventListener("abort", () => client.disconnect(), { once: true });
    try {
      await within(this.#options.deadlineMilliseconds, client.connect());
    } catch (cause) {
      client.disconnect();
      throw storeError(cause);
    }
    return client;
  }

  /** Lets what is under way come to its end, within the deadline. Calls after it are refused. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    if (this.#client.status === "ready") {
      // A server that does not even answer to this is left without a farewell.
      await within(this.#options.deadlineMilliseconds, this.#client.quit()).catch(() => {});
    }
    this.#client.disconnect();
  }

  /** For a moment after it broke, only the stream itself knows. */
  get #isConnected(): boolean {
    return this.#client.status === "ready" && this.#client.stream.writable;
  }

  #run<Reply>(command: (client: Redis) => Promise<Reply>, patience: number): Promise<Reply> {
    if (this.#isClosed) return Promise.reject(unavailable("the store was closed"));
    if (this.#outstanding >= this.#options.maximumOutstanding) {
      return Promise.reject(unavailable("too many requests wait for the store"));
    }
    return within(this.#options.deadlineMilliseconds, this.#counted(command, patience));
  }

  /** Counted for as long as the driver holds it, which may be longer than its caller waits. */
  async #counted<Reply>(command: (client: Redis) => Promise<Reply>, patience: number): Promise<Reply> {
    this.#outstanding += 1;
    try {
      if (!this.#isConnected) await within(patience, this.#whenReady());
      writeTogether(this.#client.stream);
      return await command(this.#client);
    } catch (cause) {
      throw storeError(cause);
    } finally {
      this.#outstanding -= 1;
    }
  }

  #whenReady(): Promise<void> {
    this.#comingReady ??= Promise.withResolvers();
    return this.#comingReady.promise;
  }
}

function driverOptions(deadlineMilliseconds: number) {
  return {
    connectionName: "signet",
    protocol: 2 as const,
    connectTimeout: deadlineMilliseconds,
    // How long a connection that is given up waits for the server's farewell.
    disconnectTimeout: 50,
    keepAlive: 10_000,
    maxLoadingRetryTime: 250,
    // Neither kept for later nor sent again: `RedisConnection` says why.
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    // 0: what is under way fails as soon as the connection breaks.
    maxRetriesPerRequest: 0,
  } satisfies RedisOptions;
}

/** Twice as long after each failure, up to a second, less up to a half at random, so that many processes do not come back at one moment. */
function retryMilliseconds(attempts: number, share: number): number {
  return Math.min(longestRetryMilliseconds, shortestRetryMilliseconds * 2 ** (attempts - 1)) * (1 - share / 2);
}
