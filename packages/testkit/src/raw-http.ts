import { connect } from "node:net";

/** A request whose bytes are sent as they are. `Host`, `Connection: close` and `Content-Length` are added unless one of the headers is called so. */
export interface RawRequest {
  readonly method?: string;
  /** The request line's target: nothing of it is encoded or resolved. */
  readonly target: string;
  readonly headers?: readonly (readonly [name: string, value: string])[];
  readonly body?: string | Uint8Array;
}

export interface RawReply {
  readonly status: number;
  /** In the order sent; a name may come twice. Names are in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** The first value of the header; undefined without one. */
  header(name: string): string | undefined;
  readonly body: string;
}

/**
 * One HTTP/1.1 exchange over a connection of its own, for what a client library would not send, or would tidy up. Text goes out as UTF-8.
 * @throws Error where the connection ends without a whole reply
 */
export function rawRequest(origin: string, request: RawRequest): Promise<RawReply> {
  const { hostname, port, host } = new URL(origin);
  return new Promise((resolve, reject) => {
    // In Latin-1 each byte is a character, and none is lost.
    const socket = connect({ host: hostname, port: Number(port) }).setEncoding("latin1");
    let received = "";
    const finish = () => {
      const reply = wholeReply(received);
      if (reply === undefined) return false;
      socket.destroy();
      resolve(reply);
      return true;
    };
    socket.on("data", (chunk) => {
      received += chunk;
      finish();
    });
    // A server may answer and hang up before it has read all: what it answered counts.
    socket.on("error", (error) => finish() || reject(error));
    socket.on("close", () => finish() || reject(new Error(`the connection ended after: ${received}`)));
    socket.write(bytesOf(request, host));
  });
}

function bytesOf({ method = "GET", target, headers = [], body }: RawRequest, host: string): Buffer {
  const payload = typeof body === "string" ? Buffer.from(body) : (body ?? Buffer.alloc(0));
  const isGiven = (...names: string[]) => headers.some(([name]) => names.includes(name.toLowerCase()));
  const lines = [
    `${method} ${target} HTTP/1.1`,
    ...(isGiven("host") ? [] : [`Host: ${host}`]),
    ...(isGiven("connection") ? [] : ["Connection: close"]),
    ...(body === undefined || isGiven("content-length", "transfer-encoding") ? [] : [`Content-Length: ${payload.length}`]),
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`), payload]);
}

/** Undefined until all of it is there. */
function wholeReply(received: string): RawReply | undefined {
  const end = received.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine = "", ...lines] = received.slice(0, end).split("\r\n");
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(":");
    return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
  });
  const header = (name: string) => headers.find(([one]) => one === name.toLowerCase())?.[1];
  const body = Buffer.from(received.slice(end + 4), "latin1");
  if (body.length < Number(header("content-length") ?? 0)) return undefined;
  return { status: Number(statusLine.split(" ")[1]), headers, header, body: body.toString("utf8") };
}
