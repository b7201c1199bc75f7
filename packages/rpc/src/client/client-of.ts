import { type CallOptions, ClientError, type ClientMiddleware, Status } from "nice-grpc-common";
import { encoded } from "../encoding.ts";
import { type Codec, codecsOf, pathOf, type ServiceDefinition } from "../service-definition.ts";
import type { DeadlineOptions } from "../stack/deadline.ts";
import type { Carrier } from "./carrier.ts";

export interface ClientParts {
  readonly carrier: Carrier;
  readonly middleware: ClientMiddleware<DeadlineOptions>;
  /** For methods that may be carried out twice. */
  readonly repeating: ClientMiddleware<DeadlineOptions>;
  readonly maximumMessageBytes: number;
}

/** The generated client interface of a service, whatever carries its calls. */
export function clientOf<Client>(definition: ServiceDefinition, parts: ClientParts): Client {
  const methods: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    const middleware = method.options.idempotencyLevel === undefined ? parts.middleware : parts.repeating;
    const wire: Wire = { ...parts, ...codecsOf(definition, method), middleware, path: pathOf(definition, method) };
    methods[key] = method.responseStream ? serverStreaming(wire) : unary(wire);
  }
  return methods as Client;
}

interface Wire extends ClientParts {
  readonly path: string;
  readonly request: Codec;
  readonly response: Codec;
}

function unary(wire: Wire) {
  const { path, carrier, middleware } = wire;
  const method = { path, requestStream: false, responseStream: false, options: {} };

  async function* carry(request: unknown, options: CallOptions): AsyncGenerator<never, unknown, undefined> {
    return received(await carrier.unary(path, sendable(request, wire), options), wire);
  }

  return async (request: unknown, options: CallOptions & Partial<DeadlineOptions> = {}): Promise<unknown> => {
    const call = { method, requestStream: false, request, responseStream: false, next: carry } as const;
    const { value } = await middleware(call, options).next();
    return value;
  };
}

function serverStreaming(wire: Wire) {
  const { path, carrier, middleware } = wire;
  const method = { path, requestStream: false, responseStream: true, options: {} };

  async function* carry(request: unknown, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    for await (const bytes of carrier.serverStreaming(path, sendable(request, wire), options)) yield received(bytes, wire);
  }

  return (request: unknown, options: CallOptions = {}): AsyncIterable<unknown> =>
    middleware({ method, requestStream: false, request, responseStream: true, next: carry }, options);
}

function sendable(message: unknown, wire: Wire): Uint8Array {
  const bytes = encoded(wire.request, wire.request.fromPartial(message));
  refuseLonger("request", bytes, wire);
  return bytes;
}

function received(bytes: Uint8Array, wire: Wire): unknown {
  refuseLonger("response", bytes, wire);
  return wire.response.decode(bytes);
}

function refuseLonger(what: "request" | "response", { length }: Uint8Array, { path, maximumMessageBytes }: Wire): void {
  if (length <= maximumMessageBytes) return;
  throw new ClientError(path, Status.RESOURCE_EXHAUSTED, `the ${what} is longer than ${maximumMessageBytes} bytes`);
}
