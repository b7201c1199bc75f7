import {
  type CallContext,
  type CallOptions,
  ClientError,
  type ClientMiddleware,
  composeClientMiddleware,
  Metadata,
  ServerError,
  type ServerMiddleware,
  Status,
} from "nice-grpc-common";
import { clientErrors } from "../errors/client-errors.ts";
import { type ErrorListener, serverErrors } from "../errors/server-errors.ts";
import { clientDeadline, type DeadlineOptions } from "../stack/deadline.ts";

interface Codec {
  encode(message: unknown): { finish(): Uint8Array };
  decode(bytes: Uint8Array): unknown;
  fromPartial(message: unknown): unknown;
}

/** The part of a generated service definition that a carrier needs. */
export interface ServiceDefinition {
  readonly fullName: string;
  readonly methods: Readonly<
    Record<
      string,
      {
        readonly name: string;
        readonly requestType: object;
        readonly requestStream: boolean;
        readonly responseType: object;
        readonly responseStream: boolean;
        readonly options: object;
      }
    >
  >;
}

type Handler = (request: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;

export interface InProcessOptions {
  readonly onError?: ErrorListener;
}

/**
 * The first of the three carriers: calls `implementation` in this process, through the same server and client stacks as over the network.
 * Every message is encoded and decoded on its way, so that defaults and omissions are those of the wire.
 */
export function inProcessClient<Client>(
  definition: ServiceDefinition,
  implementation: object,
  options: InProcessOptions = {},
): Client {
  const server = serverErrors(options.onError);
  const client = composeClientMiddleware(clientErrors, clientDeadline());
  const methods: Record<string, unknown> = {};
  for (const [key, method] of Object.entries(definition.methods)) {
    // The generated definition and implementation name the same methods; their types differ per message, which no carrier looks into.
    const handler = (implementation as Record<string, Handler>)[key];
    if (handler === undefined) throw new Error(`${definition.fullName} has no implementation of ${key}`);
    if (method.requestStream) throw new Error(`${definition.fullName}.${key}: a stream of requests is not served in process`);
    const wire: Wire = {
      path: `/${definition.fullName}/${method.name}`,
      request: method.requestType as Codec,
      response: method.responseType as Codec,
      handler: handler.bind(implementation),
      server,
      client,
    };
    methods[key] = method.responseStream ? serverStreaming(wire) : unary(wire);
  }
  return methods as Client;
}

interface Wire {
  readonly path: string;
  readonly request: Codec;
  readonly response: Codec;
  readonly handler: Handler;
  readonly server: ServerMiddleware;
  readonly client: ClientMiddleware<DeadlineOptions>;
}

function unary({ path, request: requestCodec, response: responseCodec, handler, server, client }: Wire) {
  const method = { path, requestStream: false, responseStream: false, options: {} };

  async function* handle(request: unknown, context: CallContext): AsyncGenerator<never, unknown, undefined> {
    return await handler(request, context);
  }

  async function* carry(request: unknown, options: CallOptions): AsyncGenerator<never, unknown, undefined> {
    const context = contextOf(options);
    if (context.signal.aborted) throw abortError(path, context.signal);
    try {
      const call = {
        method,
        requestStream: false,
        request: transfer(requestCodec, request),
        responseStream: false,
        next: handle,
      } as const;
      const { value } = await untilAborted(server(call, context).next(), path, context.signal);
      return transfer(responseCodec, value);
    } catch (error) {
      throw clientError(path, error);
    } finally {
      options.onTrailer?.(context.trailer);
    }
  }

  return async (request: unknown, options: CallOptions & Partial<DeadlineOptions> = {}): Promise<unknown> => {
    const call = { method, requestStream: false, request, responseStream: false, next: carry } as const;
    const { value } = await client(call, options).next();
    return value;
  };
}

function serverStreaming({ path, request: requestCodec, response: responseCodec, handler, server, client }: Wire) {
  const method = { path, requestStream: false, responseStream: true, options: {} };

  async function* handle(request: unknown, context: CallContext): AsyncGenerator<unknown, void, undefined> {
    yield* handler(request, context) as AsyncIterable<unknown>;
  }

  async function* carry(request: unknown, options: CallOptions): AsyncGenerator<unknown, void, undefined> {
    const context = contextOf(options);
    const call = {
      method,
      requestStream: false,
      request: transfer(requestCodec, request),
      responseStream: true,
      next: handle,
    } as const;
    try {
      for await (const message of server(call, context)) yield transfer(responseCodec, message);
    } catch (error) {
      throw clientError(path, error);
    } finally {
      options.onTrailer?.(context.trailer);
    }
  }

  return (request: unknown, options: CallOptions = {}): AsyncIterable<unknown> =>
    client({ method, requestStream: false, request, responseStream: true, next: carry }, options);
}

function transfer(codec: Codec, message: unknown): unknown {
  return codec.decode(codec.encode(codec.fromPartial(message)).finish());
}

function contextOf(options: CallOptions): CallContext {
  return {
    metadata: options.metadata ?? Metadata(),
    peer: "in-process",
    header: Metadata(),
    trailer: Metadata(),
    signal: options.signal ?? new AbortController().signal,
    sendHeader() {},
  };
}

/** The call ends for its caller when the signal aborts, whether or not the handler heeds it. */
function untilAborted<Result>(running: Promise<Result>, path: string, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(abortError(path, signal));
    signal.addEventListener("abort", abort, { once: true });
    running.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

function abortError(path: string, signal: AbortSignal): ClientError {
  return signal.reason instanceof ClientError ? signal.reason : new ClientError(path, Status.CANCELLED, "the call was cancelled");
}

function clientError(path: string, error: unknown): unknown {
  return error instanceof ServerError ? new ClientError(path, error.code, error.details) : error;
}
