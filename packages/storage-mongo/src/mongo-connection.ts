import { type Instant, instant } from "@signet/protocol";
import { unavailable, within } from "@signet/storage/adapter";
import { type Db, MongoClient } from "mongodb";
import { storeError } from "./errors.ts";
import { watchHeartbeats } from "./heartbeats.ts";
import { createIndexes } from "./indexes.ts";

export interface MongoConnectionOptions {
  /** A driver that has not been used. */
  readonly openClient: () => MongoClient;
  /** Instead of the one that the client's URL names. */
  readonly database: string | undefined;
  readonly deadlineMilliseconds: number;
  /** Of operations that wait for an answer, or for a connection. */
  readonly maximumOutstanding: number;
}

/** How often the driver looks whether the server is there, also while nobody asks for it: it is found again as soon as it is back. */
const heartbeatMilliseconds = 1000;
/** The driver is given up for another where a heartbeat takes so long: more than connecting and waiting for the answer together may take. */
const stuckMilliseconds = 4000;

/** A driver that gives up within the deadline, and acknowledges only what a majority of the servers has written to its disks. */
export function mongoClient(url: string, deadlineMilliseconds: number, maximumConnections: number): MongoClient {
  return new MongoClient(url, {
    appName: "signet",
    maxPoolSize: maximumConnections,
    waitQueueTimeoutMS: deadlineMilliseconds,
    serverSelectionTimeoutMS: deadlineMilliseconds,
    connectTimeoutMS: deadlineMilliseconds,
    socketTimeoutMS: deadlineMilliseconds,
    heartbeatFrequencyMS: heartbeatMilliseconds,
    writeConcern: { w: "majority", journal: true, wtimeoutMS: deadlineMilliseconds },
    // What the primary has now, whether a majority has it yet or not: who lost a race has to see what the winner wrote.
    readConcern: { level: "local" },
    readPreference: "primary",
  });
}

/** One pool of connections that all stores share. It is made when it is first needed, and again whenever that is necessary. */
export class MongoConnection {
  readonly #options: MongoConnectionOptions;
  readonly #indexed: () => Promise<void>;
  #driver: Driver;
  #outstanding = 0;
  #isClosed = false;

  constructor(options: MongoConnectionOptions) {
    this.#options = options;
    this.#driver = this.#openDriver();
    this.#indexed = untilItSucceeds(() => createIndexes(this.#driver.database));
  }

  /**
   * What `operation` gives, within the deadline. No operation comes before the indexes, which some rest upon.
   * @throws ResourceError unavailable
   */
  async run<Result>(operation: (database: Db) => Promise<Result>): Promise<Result> {
    if (this.#isClosed) throw unavailable("the store was closed");
    if (this.#outstanding >= this.#options.maximumOutstanding) throw unavailable("too many requests wait for the store");
    this.#outstanding += 1;
    // Counted for as long as the driver holds it, which may be longer than its caller waits.
    const result = this.#run(operation).finally(() => {
      this.#outstanding -= 1;
    });
    return await within(this.#options.deadlineMilliseconds, result);
  }

  /** What its users share with it. */
  get limits(): Pick<MongoConnectionOptions, "deadlineMilliseconds" | "maximumOutstanding"> {
    return this.#options;
  }

  /**
   * What MongoDB's clock shows.
   * @throws ResourceError unavailable where MongoDB does not answer within the deadline
   */
  async time(): Promise<Instant> {
    const { localTime } = await this.run((database) => database.command({ hello: 1 }));
    if (!(localTime instanceof Date)) throw new Error("MongoDB has answered to hello without its time");
    return instant(localTime.getTime());
  }

  /** Ends what is under way. Calls after it are refused. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // A server that does not answer to the farewell is left without one.
    await within(this.#options.deadlineMilliseconds, this.#driver.close()).catch(() => {});
  }

  #openDriver(): Driver {
    const client = this.#options.openClient();
    const unwatch = watchHeartbeats(client, stuckMilliseconds, () => this.#replace(driver));
    const driver: Driver = {
      database: client.db(this.#options.database),
      // A driver that could not connect at first does not try again by itself; once it has, it does for ever.
      connected: untilItSucceeds(() => client.connect()),
      async close() {
        unwatch();
        await client.close();
      },
    };
    return driver;
  }

  /** Goes on with another driver. What still waits for the one before fails as unavailable. */
  #replace(stuck: Driver): void {
    if (this.#isClosed || this.#driver !== stuck) return;
    this.#driver = this.#openDriver();
    stuck.close().catch(() => {});
  }

  async #run<Result>(operation: (database: Db) => Promise<Result>): Promise<Result> {
    try {
      const { connected, database } = this.#driver;
      await connected();
      await this.#indexed();
      return await operation(database);
    } catch (cause) {
      throw storeError(cause);
    }
  }
}

interface Driver {
  readonly database: Db;
  readonly connected: () => Promise<unknown>;
  close(): Promise<void>;
}

/** Does `attempt` when it is first asked to, and again when asked after a failure. */
function untilItSucceeds<Result>(attempt: () => Promise<Result>): () => Promise<Result> {
  let attempted: Promise<Result> | undefined;
  return () => {
    attempted ??= attempt().catch((error: unknown) => {
      attempted = undefined;
      throw error;
    });
    return attempted;
  };
}
