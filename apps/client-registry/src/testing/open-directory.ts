import type { registry } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import { createDirectory, type DirectoryOptions, requireTenant } from "@signet/registry-client";
import { onTestFinished } from "vitest";
import { openRegistry } from "./open-registry.ts";

type Client = registry.ClientRegistryServiceClient;

/** The way from the directory to the registry: it can be watched, held up and cut. */
export function connectionTo(client: Client) {
  /** What was loaded, and what the streams began with. */
  const calls: string[] = [];
  const positions: string[] = [];
  let cut = new AbortController();
  let isDown = false;
  let forgetsPositions = false;
  let quiet: registry.Quiet | undefined;
  let held = Promise.resolve();
  let applied = 0;
  const waiting: { readonly count: number; resolve(): void }[] = [];
  const ended = Promise.withResolvers<void>();

  async function* watch(
    ...[request, options]: Parameters<Client["watch"]>
  ): AsyncGenerator<registry.WatchResponse, void, undefined> {
    if (isDown) throw new Error("the registry is down");
    positions.push(request.position ?? "");
    const signal = AbortSignal.any([cut.signal, ...(options?.signal === undefined ? [] : [options.signal])]);
    try {
      for await (const message of client.watch(forgetsPositions ? { position: "unheard of" } : request, { ...options, signal })) {
        yield message;
        if (quiet !== undefined) yield { position: message.position, event: { $case: "quiet", value: quiet } };
        // Whoever asks for the next message is done with this one.
        applied++;
        for (const waiter of waiting) if (waiter.count === applied) waiter.resolve();
      }
    } finally {
      ended.resolve();
    }
    if (cut.signal.aborted) throw new Error("the connection was lost");
  }

  const connected: Pick<Client, "getTenant" | "getClient" | "watch"> = {
    async getTenant(request, options) {
      calls.push(`tenant ${request.name}`);
      if (isDown) throw new Error("the registry is down");
      const reply = await client.getTenant(request, options);
      await held;
      return reply;
    },
    async getClient(request, options) {
      calls.push(`client ${request.clientId}`);
      if (isDown) throw new Error("the registry is down");
      const reply = await client.getClient(request, options);
      await held;
      return reply;
    },
    watch,
  };

  return {
    connected,
    calls,
    positions,
    /** Resolves once the first stream has ended. */
    ended: ended.promise,
    /** Resolves once the directory has dealt with `count` messages more than at the last such call. */
    applied: (() => {
      let expected = 0;
      return async (count: number): Promise<void> => {
        expected += count;
        if (applied >= expected) return;
        const { promise, resolve } = Promise.withResolvers<void>();
        waiting.push({ count: expected, resolve });
        await promise;
      };
    })(),
    /** Breaks the stream; no other can be opened, and nothing loaded, until `repair`. */
    cut() {
      isDown = true;
      cut.abort();
    },
    repair({ forgetting = false } = {}) {
      isDown = false;
      forgetsPositions = forgetting;
      cut = new AbortController();
    },
    /** From now on, each message is followed by one that says how often one comes at least, as from a registry that is elsewhere. */
    announceEvery(intervalMilliseconds: number) {
      quiet = { intervalMilliseconds };
    },
    /** Holds up what is loaded from now on, after the registry has answered. */
    hold(): () => void {
      const { promise, resolve } = Promise.withResolvers<void>();
      held = promise;
      return resolve;
    },
  };
}

/** A directory over a real registry, with a clock that is moved by hand. */
export function openDirectory(options: Omit<DirectoryOptions, "registry" | "elapsed"> = {}) {
  const { client: registry } = openRegistry();
  const connection = connectionTo(registry);
  const time = { now: 0 };
  const interrupted = Promise.withResolvers<void>();
  const directory = createDirectory({
    registry: connection.connected,
    elapsed: () => time.now,
    ...options,
    onError(error) {
      options.onError?.(error);
      interrupted.resolve();
    },
  });
  onTestFinished(() => directory.close());
  /** `interrupted` resolves once the directory has noticed that its stream broke. */
  return { registry, connection, time, directory, interrupted: interrupted.promise };
}

type Opened = ReturnType<typeof openDirectory>;

/** The same, once the directory follows the registry's changes. */
export async function openWatchingDirectory(options: Omit<DirectoryOptions, "registry" | "elapsed"> = {}): Promise<Opened> {
  const opened = openDirectory(options);
  opened.directory.start();
  await opened.connection.applied(1);
  return opened;
}

/** The tenant of that name, which there is meant to be. */
export function tenantOf({ directory }: Pick<Opened, "directory">, name: string): Promise<Tenant> {
  return requireTenant(name, directory);
}
