import { type CallOptions, ClientError, type Metadata, Status } from "nice-grpc-common";
import { encoded } from "../encoding.ts";
import { type RebuildOptions, rebuilt } from "../errors/client-errors.ts";
import { type Codec, codecsOf, pathOf, type ServiceDefinition } from "../service-definition.ts";
import { type ClientCredentials, withCredentials } from "../stack/credentials.ts";
import type { Current } from "../stack/current.ts";
import { beginLimitedCall, type CallLife, type DeadlineOptions } from "../stack/deadline.ts";
import { repeated } from "../stack/retry.ts";
import type { Carrier } from "./carrier.ts";

export interface ClientParts extends RebuildOptions {
  readonly carrier: Carrier;
  /** Whether a method that may be carried out twice is called again where the server was not to be reached. */
  readonly repeats: boolean;
  /** Shown with each call. */
  readonly credentials?: Current<ClientCredentials> | undefined;
  readonly maximumMessageBytes: number;
}

/** The generated client interface of a service, whatever carries its calls: errors are rebuilt, and time is limited. */
export function clientOf<Client>(definition: ServiceDefinition, parts: ClientParts): Client {
  const methods: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    const repeats = parts.repeats && method.options.idempotencyLevel !== undefined;
    const wire: Wire = { ...parts, ...codecsOf(definition, method), repeats, path: pathOf(definition, method) };
    methods[key] = method.responseStream ? serverStreaming(wire) : unary(wire);
  }
  return methods as Client;
}

interface Wire extends ClientParts {
  readonly path: string;
  readonly request: Codec;
  readonly response: Codec;
}

/** Written as one function, since layers of middleware, each a generator, cost more than what they do. */
function unary(wire: Wire) {
  const { path, carrier, repeats } = wire;
  return async (request: unknown, options: CallOptions & Partial<DeadlineOptions> = {}): Promise<unknown> => {
    let life: CallLife | undefined;
    let trailer: Metadata | undefined;
    const onTrailer = (received: Metadata) => {
      trailer = received;
      options.onTrailer?.(received);
    };
    try {
      life = beginLimitedCall(path, options);
      const unaryOptions = { life, onTrailer, ...shown(options.metadata, wire) };
      const bytes = sendable(request, wire);
      const send = () => carrier.unary(path, bytes, unaryOptions);
      return received(await (repeats ? repeated(life, send) : send()), wire);
    } catch (error) {
      throw rebuilt(error, trailer, wire);
    } finally {
      life?.end();
    }
  };
}

function serverStreaming(wire: Wire) {
  const { path, carrier } = wire;
  return async function* (request: unknown, options: CallOptions = {}): AsyncGenerator<unknown, void, undefined> {
    let trailer: Metadata | undefined;
    const onTrailer = (received: Metadata) => {
      trailer = received;
      options.onTrailer?.(received);
    };
    const streamOptions = { ...options, onTrailer, ...shown(options.metadata, wire) };
    try {
      const messages = carrier.serverStreaming(path, sendable(request, wire), streamOptions);
      for await (const bytes of messages) yield received(bytes, wire);
    } catch (error) {
      throw rebuilt(error, trailer, wire);
    }
  };
}

function shown(metadata: Metadata | undefined, { credentials }: Wire): { readonly metadata?: Metadata } {
  if (credentials !== undefined) return { metadata: withCredentials(metadata, credentials) };
  return metadata === undefined ? {} : { metadata };
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
