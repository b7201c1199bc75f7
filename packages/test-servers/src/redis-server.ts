import { once } from "node:events";
import { connect } from "node:net";
import { ServerProcess } from "./server-process.ts";

export interface RedisServer extends ServerProcess {
  readonly url: string;
}

export interface RedisServerOptions {
  /** Settings beside the port and the folder, as on the command line: `["--appendonly", "yes"]`. Without any, nothing is written to the disk. */
  readonly settings?: readonly string[];
}

/** A redis-server that is yet to be started. */
export function redisServer(options: RedisServerOptions = {}): RedisServer {
  return new RedisServerProcess(options);
}

class RedisServerProcess extends ServerProcess implements RedisServer {
  constructor({ settings = [] }: RedisServerOptions) {
    super({
      command: "redis-server",
      parameters: ({ port, folder }) => [
        ...["--port", `${port}`, "--bind", "127.0.0.1", "--dir", folder, "--save", ""],
        ...settings,
      ],
      answers,
    });
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}`;
  }
}

/** A server that is still loading its data answers with an error. */
async function answers(port: number): Promise<boolean> {
  const socket = connect({ port, host: "127.0.0.1" });
  try {
    await once(socket, "connect");
    socket.write("PING\r\n");
    const [reply]: unknown[] = await once(socket, "data", { signal: AbortSignal.timeout(1000) });
    return String(reply).startsWith("+PONG");
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}
