import { type CallContext, ServerError, Status } from "nice-grpc-common";
import { encoded } from "../encoding.ts";
import { type ErrorListener, toServerError } from "../errors/server-errors.ts";
import { type Codec, codecsOf, pathOf, type Service } from "../service-definition.ts";

/** A method that can be called with encoded messages. It rejects with a `ServerError` and nothing else. A unary call that is over already its carrier does not start. */
export interface ServedMethod {
  readonly path: string;
  readonly responseStream: boolean;
  /** Of a method without `responseStream`. */
  unary(request: Uint8Array, context: CallContext): Promise<Uint8Array>;
  /** Of a method with `responseStream`. */
  serverStreaming(request: Uint8Array, context: CallContext): AsyncIterable<Uint8Array>;
}

export type ServedMethods = ReadonlyMap<string, ServedMethod>;

/** Is asked before anything of a call is read. @throws ServerError where the caller may not make it */
export type Guard = (path: string, context: CallContext) => void;

export interface DispatcherOptions {
  readonly guard?: Guard | undefined;
  readonly onError?: ErrorListener | undefined;
  readonly maximumMessageBytes?: number | undefined;
}

/** The methods of `services` by their paths, behind the server stack. */
export function createDispatcher(services: readonly Service[], options: DispatcherOptions = {}): ServedMethods {
  const methods = new Map<string, ServedMethod>();
  for (const { definition, implementation } of services) {
    for (const [key, method] of Object.entries(definition.methods)) {
      // The generated definition and implementation name the same methods.
      const handler = (implementation as Record<string, Handler>)[key];
      if (handler === undefined) throw new Error(`${definition.fullName} has no implementation of ${key}`);
      const path = pathOf(definition, method);
      methods.set(
        path,
        servedMethod({
          path,
          responseStream: method.responseStream,
          ...codecsOf(definition, method),
          handler: handler.bind(implementation),
          guard: options.guard ?? (() => {}),
          onError: options.onError,
          maximumMessageBytes: options.maximumMessageBytes ?? Number.POSITIVE_INFINITY,
        }),
      );
    }
  }
  return methods;
}

type Handler = (request: unknown, context: CallContext) => Promise<unknown> | AsyncIterable<unknown>;

interface Parts {
  readonly path: string;
  readonly responseStream: boolean;
  readonly request: Codec;
  readonly response: Codec;
  readonly handler: Handler;
  readonly guard: Guard;
  readonly onError: ErrorListener | undefined;
  readonly maximumMessageBytes: number;
}

/** Written as one function, since layers of middleware, each a generator, cost more than what they do. */
function servedMethod(parts: Parts): ServedMethod {
  const { path, responseStream, handler, onError } = parts;

  function failure(error: unknown, context: CallContext): ServerError {
    onError?.(error, { path, context });
    return toServerError(error, context);
  }

  async function handled(request: unknown, context: CallContext): Promise<unknown> {
    try {
      return await handler(request, context);
    } catch (error) {
      throw failure(error, context);
    }
  }

  async function* handledStream(request: unknown, context: CallContext): AsyncGenerator<unknown, void, undefined> {
    try {
      yield* handler(request, context) as AsyncIterable<unknown>;
    } catch (error) {
      throw failure(error, context);
    }
  }

  return {
    path,
    responseStream,
    async unary(bytes, context) {
      return sendable(await handled(received(bytes, context, parts), context), parts);
    },
    async *serverStreaming(bytes, context) {
      if (context.signal.aborted) throw new ServerError(Status.CANCELLED, "the call was over before it began");
      const request = received(bytes, context, parts);
      for await (const message of handledStream(request, context)) yield sendable(message, parts);
    },
  };
}

/** The request, after everything that can be said about the call without its handler. */
function received(bytes: Uint8Array, context: CallContext, parts: Parts): unknown {
  const { path, request, guard, onError, maximumMessageBytes } = parts;
  try {
    guard(path, context);
  } catch (error) {
    onError?.(error, { path, context });
    throw error;
  }
  if (bytes.length > maximumMessageBytes) {
    throw new ServerError(Status.RESOURCE_EXHAUSTED, `the request is longer than ${maximumMessageBytes} bytes`);
  }
  try {
    return request.decode(bytes);
  } catch {
    throw new ServerError(Status.INVALID_ARGUMENT, "the request is not a message of its type");
  }
}

function sendable(message: unknown, { response, maximumMessageBytes }: Parts): Uint8Array {
  const bytes = encoded(response, response.fromPartial(message));
  if (bytes.length > maximumMessageBytes) {
    throw new ServerError(Status.RESOURCE_EXHAUSTED, `the response is longer than ${maximumMessageBytes} bytes`);
  }
  return bytes;
}
