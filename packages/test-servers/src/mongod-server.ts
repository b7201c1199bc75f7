import { once } from "node:events";
import { connect } from "node:net";
import { MongoClient } from "mongodb";
import { OneWriteAtATime } from "./one-write-at-a-time.ts";
import { ServerProcess } from "./server-process.ts";

export interface MongodServer extends ServerProcess {
  readonly url: string;
}

/** A mongod that is yet to be started. */
export function mongodServer(): MongodServer {
  return new MongodServerProcess();
}

class MongodServerProcess extends ServerProcess implements MongodServer {
  #gate: OneWriteAtATime | undefined;

  constructor() {
    super({
      command: "mongod",
      parameters: ({ port, folder }) => ["--port", `${port}`, "--bind_ip", "127.0.0.1", "--dbpath", folder],
      answers,
    });
  }

  get url(): string {
    return `mongodb://127.0.0.1:${this.#gate?.port ?? this.port}/`;
  }

  override async start(): Promise<void> {
    await super.start();
    if (this.#gate === undefined && !(await hasAtomicUpdates(this.port))) this.#gate = await OneWriteAtATime.before(this.port);
  }

  override async end(): Promise<void> {
    await this.#gate?.close();
    await super.end();
  }
}

/** FerretDB 1 reads and writes a document that it updates in two steps. Every MongoDB does so in one. */
async function hasAtomicUpdates(port: number): Promise<boolean> {
  const information = await commandOn(port, { buildInfo: 1 });
  return !("ferretdbVersion" in information);
}

async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    // The driver would take its time to find out that nobody listens.
    await once(socket, "connect");
    await commandOn(port, { ping: 1 });
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

async function commandOn(port: number, command: Readonly<Record<string, unknown>>): Promise<object> {
  const client = new MongoClient(`mongodb://127.0.0.1:${port}/`, { directConnection: true, serverSelectionTimeoutMS: 5000 });
  try {
    return await client.db("admin").command({ ...command });
  } finally {
    await client.close();
  }
}
