import { type CallContext, type CallOptions, Metadata } from "nice-grpc-common";

const key = "x-request-id";

/** Options of a call that belongs to the request `id`: what any service logs of it can be found under that id. */
export function inRequest(id: string): CallOptions {
  return { metadata: Metadata().set(key, id) };
}

/** Options of a call that a service makes while it serves another: the same request, no longer than the caller waits. */
export function onBehalfOf(context: CallContext): CallOptions {
  return { ...inRequest(requestIdOf(context)), signal: context.signal };
}

/** Empty where the caller gave none. */
export function requestIdOf(context: CallContext): string {
  return context.metadata.get(key) ?? "";
}
