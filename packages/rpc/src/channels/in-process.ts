import { type CallContext, type CallOptions, ClientError, Metadata, ServerError, Status } from "nice-grpc-common";
import type { Carrier, UnaryOptions } from "../client/carrier.ts";
import { clientOf } from "../client/client-of.ts";
import type { ErrorListener } from "../errors/server-errors.ts";
import { createDispatcher, type ServedMethod, type ServedMethods } from "../server/dispatcher.ts";
import type { ServiceDefinition } from "../service-definition.ts";
import { inProcessPeer } from "../stack/in-process-peer.ts";
import { unaryInProcess } from "./in-process-unary.ts";

export interface InProcessOptions {
  readonly onError?: ErrorListener;
}

/**
 * The first of the three carriers: calls `implementation` in this process, through the same server and client stacks as over the network.
 * Every message is copied on its way with the defaults and omissions of the wire.
 */
export function inProcessClient<Client>(
  definition: ServiceDefinition,
  implementation: object,
  options: InProcessOptions = {},
): Client {
  const methods = createDispatcher([{ definition, implementation }], options);
  const client = clientOf<Client>(definition, {
    carrier: inProcessCarrier(() => methods),
    repeats: false,
    ownServices: false,
    maximumMessageBytes: Number.POSITIVE_INFINITY,
  });
  return { ...client, ...unaryInProcess(definition, implementation, options) };
}

/** @param served what is served at the moment of a call; undefined where nothing is */
export function inProcessCarrier(served: () => ServedMethods | undefined): Carrier {
  function methodAt(path: string): ServedMethod {
    const methods = served();
    if (methods === undefined) throw new ClientError(path, Status.UNAVAILABLE, "nothing is served here");
    const method = methods.get(path);
    if (method === undefined) throw new ClientError(path, Status.UNIMPLEMENTED, "there is no such method");
    return method;
  }

  return {
    async unary(path, request, options: UnaryOptions) {
      const context = contextOf({ ...options, signal: options.life.signal });
      try {
        return await options.life.untilAborted(() => methodAt(path).unary(request, context));
      } catch (error) {
        throw clientError(path, error);
      } finally {
        options.onTrailer?.(context.trailer);
      }
    },
    async *serverStreaming(path, request, options) {
      const context = contextOf(options);
      try {
        // An abort reaches the handler itself, which ends the stream as it likes.
        yield* methodAt(path).serverStreaming(request, context);
      } catch (error) {
        throw clientError(path, error);
      } finally {
        options.onTrailer?.(context.trailer);
      }
    },
  };
}

function contextOf(options: CallOptions): CallContext {
  return {
    metadata: options.metadata ?? Metadata(),
    peer: inProcessPeer,
    header: Metadata(),
    trailer: Metadata(),
    signal: options.signal ?? new AbortController().signal,
    sendHeader() {},
  };
}

export function clientError(path: string, error: unknown): unknown {
  return error instanceof ServerError ? new ClientError(path, error.code, error.details) : error;
}
