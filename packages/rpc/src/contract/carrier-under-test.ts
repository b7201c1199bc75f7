import { registry } from "@signet/contracts";
import { onTestFinished } from "vitest";
import { type ChannelOptions, createChannel } from "../channels/create-channel.ts";
import { type RunningServer, type ServeOptions, serve } from "../server/serve.ts";

/** One of the three carriers. */
export interface CarrierUnderTest {
  readonly name: string;
  /** Where a server listens; another address at each call. */
  listen(): string;
  /** The address that a channel of this carrier reaches that server at. */
  target(serverUrl: string): string;
}

export const inprocUnderTest: CarrierUnderTest = {
  name: "inproc",
  listen: () => `inproc:${crypto.randomUUID()}`,
  target: (url) => url,
};

export const grpcUnderTest: CarrierUnderTest = {
  name: "grpc",
  listen: () => "grpc://127.0.0.1:0",
  target: (url) => url,
};

export const muxUnderTest: CarrierUnderTest = {
  name: "mux",
  listen: () => "grpc://127.0.0.1:0",
  target: (url) => url.replace(/^grpc/, "mux"),
};

export type Handlers = Partial<registry.ClientRegistryServiceImplementation>;
export type RegistryClient = registry.ClientRegistryServiceClient;

/** The registry's service with only the methods that a test calls. */
export function serviceWith(handlers: Handlers): ServeOptions["services"][number] {
  const others = Object.keys(registry.ClientRegistryServiceDefinition.methods).map((key) => [key, notServed] as const);
  return {
    definition: registry.ClientRegistryServiceDefinition,
    implementation: { ...Object.fromEntries(others), ...handlers },
  };
}

async function notServed(): Promise<never> {
  throw new Error("this test serves no such method");
}

/** A server that ends with the test. */
export async function serveForTest(
  listen: string,
  handlers: Handlers,
  options: Partial<ServeOptions> = {},
): Promise<RunningServer> {
  const server = await serve({ services: [serviceWith(handlers)], listen, ...options });
  onTestFinished(() => server.close(0));
  return server;
}

/** A channel that ends with the test. */
export function registryAt(target: string, options: ChannelOptions = {}): RegistryClient {
  const channel = createChannel(target, options);
  onTestFinished(() => channel.close());
  return channel.client<RegistryClient>(registry.ClientRegistryServiceDefinition);
}

/** A server with these methods, and a client of it. */
export async function connect(
  carrier: CarrierUnderTest,
  handlers: Handlers,
  options: { readonly server?: Partial<ServeOptions>; readonly channel?: ChannelOptions } = {},
): Promise<{ client: RegistryClient; server: RunningServer; target: string }> {
  const server = await serveForTest(carrier.listen(), handlers, options.server);
  const target = carrier.target(server.url);
  return { client: registryAt(target, options.channel), server, target };
}

/** What a call failed with. */
export async function failureOf(call: Promise<unknown>): Promise<unknown> {
  return await call.then(
    (reply) => {
      throw new Error(`the call succeeded with ${JSON.stringify(reply)}`);
    },
    (error: unknown) => error,
  );
}

/** A latch: what waits for `opened` goes on once `open` was called. */
export function latch(): { readonly opened: Promise<void>; open(): void } {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { opened: promise, open: resolve };
}
