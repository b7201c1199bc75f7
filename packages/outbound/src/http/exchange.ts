import { Agent as HttpAgent, request as httpRequest, type IncomingMessage, type RequestOptions } from "node:http";
import { Agent as HttpsAgent, request as httpsRequest } from "node:https";
import type { Socket } from "node:net";
import { checkedLookup, type Lookup } from "../address/checked-lookup.ts";
import { isPublicAddress } from "../address/public-address.ts";
import type { Target } from "../address/target.ts";
import { OutboundError } from "../outbound-error.ts";

export interface ExchangeRequest {
  readonly method: "GET" | "POST";
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly maximumBytes: number;
}

export interface ExchangeReply {
  readonly status: number;
  readonly headers: IncomingMessage["headers"];
  /** Empty for a redirect: nothing of its content is read. */
  readonly body: Buffer;
}

/** One request and its reply on a connection of its own, redirects not followed. @throws OutboundError; the signal's reason */
export type Exchange = (target: Target, request: ExchangeRequest, signal: AbortSignal) => Promise<ExchangeReply>;

export interface ExchangeOptions {
  /** Of hosts that the deployment names. */
  readonly lookupOfAllowed: Lookup;
  /** Of all others. */
  readonly lookupOfPublic: Lookup;
  readonly connectMilliseconds: number;
  /** Certificates in PEM that are trusted besides those that come with Node.js. */
  readonly authorities: string | undefined;
}

/**
 * The agents are this module's own: neither the proxies of an environment nor what a library sets for all of a process has a say in where a
 * connection goes. A connection serves one request, so that each was opened to an address that was judged for it.
 */
export function createExchange({ connectMilliseconds, authorities, ...lookups }: ExchangeOptions): Exchange {
  const agents = { "http:": new HttpAgent({ keepAlive: false }), "https:": new HttpsAgent({ keepAlive: false }) };
  const lookupOfPublic = checkedLookup(lookups.lookupOfPublic, isPublicAddress);
  const lookupOfAllowed = checkedLookup(lookups.lookupOfAllowed, () => true);
  const trusted = authorities === undefined ? {} : { ca: authorities };

  return ({ url, isAllowed }, { method, headers, body, maximumBytes }, signal) => {
    const isSecure = url.protocol === "https:";
    const options: RequestOptions = {
      method,
      // No content is decoded, so that a small reply stays small.
      headers: { "User-Agent": "Signet", "Accept-Encoding": "identity", ...headers },
      agent: isSecure ? agents["https:"] : agents["http:"],
      lookup: isAllowed ? lookupOfAllowed : lookupOfPublic,
      signal,
    };
    const { promise, resolve, reject } = Promise.withResolvers<ExchangeReply>();
    const request = isSecure ? httpsRequest(url, { ...options, ...trusted }) : httpRequest(url, options);
    request.on("socket", (socket) => limitConnecting(socket, isSecure, connectMilliseconds));
    const fail = (error: unknown) => reject(signal.aborted ? signal.reason : failureOf(error));
    request.on("error", fail);
    request.on("response", (response) => readReply(response, maximumBytes).then(resolve, fail));
    request.end(body);
    return promise;
  };
}

function limitConnecting(socket: Socket, isSecure: boolean, milliseconds: number): void {
  const timer = setTimeout(() => {
    socket.destroy(new OutboundError("timed_out", `there was no connection within ${milliseconds} ms`));
  }, milliseconds);
  const end = () => clearTimeout(timer);
  socket.once(isSecure ? "secureConnect" : "connect", end);
  socket.once("close", end);
}

function failureOf(error: unknown): OutboundError {
  return error instanceof OutboundError ? error : new OutboundError("unreachable", "the connection failed", { cause: error });
}

async function readReply(response: IncomingMessage, maximumBytes: number): Promise<ExchangeReply> {
  const { statusCode: status = 0, headers } = response;
  if (status >= 300 && status < 400) {
    response.destroy();
    return { status, headers, body: Buffer.alloc(0) };
  }
  return { status, headers, body: await read(response, maximumBytes) };
}

async function read(response: IncomingMessage, maximumBytes: number): Promise<Buffer> {
  const tooLarge = () => new OutboundError("too_large", `the reply has more than ${maximumBytes} bytes`);
  if (Number(response.headers["content-length"] ?? 0) > maximumBytes) {
    response.destroy();
    throw tooLarge();
  }
  const chunks: Buffer[] = [];
  let length = 0;
  // Leaving the loop, by its end or by an error, destroys the response and with it the connection.
  for await (const chunk of response) {
    const bytes = Buffer.from(chunk);
    length += bytes.length;
    if (length > maximumBytes) throw tooLarge();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
