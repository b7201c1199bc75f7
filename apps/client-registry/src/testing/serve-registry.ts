import { randomBytes } from "node:crypto";
import { registry } from "@signet/contracts";
import { withMethods } from "@signet/process";
import { openRegistry as openSdk, type RegistryOptions } from "@signet/registry-sdk";
import { createChannel, serve } from "@signet/rpc/network";
import { onTestFinished } from "vitest";
import { methodCallers, secretViewOf } from "../callers.ts";
import { createRegistryService } from "../create-registry-service.ts";
import { openRegistry } from "./open-registry.ts";

const definition = registry.ClientRegistryServiceDefinition;

const callers = [
  { name: "gateway", right: undefined },
  { name: "auth", right: undefined },
  { name: "token", right: undefined },
  { name: "billing", right: "read" },
  { name: "provisioning", right: "write" },
] as const;
export type CallerName = (typeof callers)[number]["name"];

/** A registry on the network, on empty stores of its own, with one caller of each kind. */
export async function serveRegistry() {
  const opened = openRegistry();
  const known = callers.map((caller) => ({ ...caller, tokens: [randomBytes(32).toString("hex")] }));
  const dependencies = { ...opened, clock: () => opened.time.now };

  async function listen(port = 0) {
    const server = await serve({
      services: [{ definition, implementation: createRegistryService(dependencies, secretViewOf) }],
      listen: `grpc://127.0.0.1:${port}`,
      credentials: { callers: withMethods(definition, methodCallers, known) },
    });
    onTestFinished(() => server.close(0));
    return server;
  }

  const tokenOf = (name: CallerName) => known.find((caller) => caller.name === name)?.tokens[0] ?? "";
  const server = await listen();
  return {
    ...opened,
    server,
    url: server.url,
    tokenOf,
    /** Another one at the address of the first, which has ended. */
    listenAgain: () => listen(Number(new URL(server.url).port)),
    /** The generated client, as that caller. */
    clientAs(name: CallerName): registry.ClientRegistryServiceClient {
      const channel = createChannel(server.url, { credentials: { token: tokenOf(name) } });
      onTestFinished(() => channel.close());
      return channel.client<registry.ClientRegistryServiceClient>(definition);
    },
    /** The typed client package, as that caller. */
    sdkAs(name: CallerName, options: Partial<RegistryOptions> = {}) {
      const sdk = openSdk({ url: server.url, token: tokenOf(name), ...options });
      onTestFinished(() => sdk.close());
      return sdk;
    },
  };
}
