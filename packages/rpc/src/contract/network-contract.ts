import { ClientError, Status } from "nice-grpc-common";
import { describe, expect, test, vi } from "vitest";
import type { RunningServer } from "../server/serve.ts";
import { type CarrierUnderTest, connect, failureOf, latch, registryAt, serveForTest } from "./carrier-under-test.ts";
import { startTcpProxy } from "./tcp-proxy.ts";

const ample = { timeoutMilliseconds: 15_000 } as object;
/** How long something may take that will happen by itself, such as a reconnection. */
const patience = { timeout: 15_000, interval: 10 };

/** What the carriers between processes promise of broken connections and of several servers. */
export function networkContract(carrier: CarrierUnderTest): void {
  describe(`connections over ${carrier.name}`, () => {
    test("a call waits for its first connection, and fails at once where there is no server", async () => {
      const { server } = await connect(carrier, { getTenant: async () => ({}) });
      const client = registryAt(carrier.target(server.url));
      await client.getTenant({}, ample);
      const { port } = new URL(server.url);
      await server.close();
      const abandoned = registryAt(carrier.target(`grpc://127.0.0.1:${port}`));
      const error = await failureOf(abandoned.getTenant({}, ample));
      expect(error).toMatchObject({ kind: "unavailable", cause: { code: Status.UNAVAILABLE } });
    });

    test("a server that restarts is found again", async () => {
      const handlers = { getTenant: async () => ({}) };
      const { client, server } = await connect(carrier, handlers);
      await client.getTenant({}, ample);
      await server.close();
      expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ kind: "unavailable" });
      await serveForTest(server.url, handlers);
      await vi.waitFor(() => client.getTenant({}, ample), patience);
    });

    test("a server that stops finishes the calls it has, and takes no more", async () => {
      const started = latch();
      const release = latch();
      const { client, server } = await connect(carrier, {
        async getTenant({ name }) {
          started.open();
          await release.opened;
          return { tenant: { name } };
        },
      });
      const held = client.getTenant({ name: "held" }, ample);
      await started.opened;
      const closed = server.close();
      await vi.waitFor(async () => {
        expect(await failureOf(client.listTenants({}))).toMatchObject({ kind: "unavailable" });
      }, patience);
      release.open();
      expect((await held).tenant?.name).toBe("held");
      await closed;
    });

    test("a server that stops finishes a call that outlasts the keepalives of its connection", async () => {
      const started = latch();
      const release = latch();
      const keepalive = { intervalMilliseconds: 20, timeoutMilliseconds: 10_000 };
      const server = await serveForTest(
        carrier.listen(),
        {
          async getTenant({ name }) {
            started.open();
            await release.opened;
            return { tenant: { name } };
          },
        },
        { keepalive },
      );
      const proxy = await startTcpProxy(Number(new URL(server.url).port));
      const client = registryAt(carrier.target(`grpc://127.0.0.1:${proxy.port}`), { keepalive });
      const held = client.getTenant({ name: "held" }, ample);
      await started.opened;
      const closed = server.close(60_000);
      const before = proxy.forwarded;
      await vi.waitFor(() => expect(proxy.forwarded).toBeGreaterThan(before + 20), patience);
      release.open();
      expect((await held).tenant?.name).toBe("held");
      await closed;
    });

    test("a server that stops ends the streams of messages, so that they are begun again elsewhere", async () => {
      const { client, server } = await connect(carrier, {
        async *watch(_request, { signal }) {
          yield { position: "1" };
          await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
        },
      });
      let closed: Promise<void> | undefined;
      const read = async () => {
        for await (const _ of client.watch({})) closed = server.close(60_000);
      };
      await expect(read()).rejects.toMatchObject({ kind: "unavailable" });
      await closed;
    });

    test("a server that stops ends what goes on after its grace with UNAVAILABLE", async () => {
      const started = latch();
      const { client, server } = await connect(carrier, {
        getTenant: () => {
          started.open();
          return new Promise(() => {});
        },
      });
      const held = failureOf(client.getTenant({}, ample));
      await started.opened;
      await server.close(20);
      expect(await held).toMatchObject({ kind: "unavailable", cause: { code: Status.UNAVAILABLE } });
    });

    test("a server that stops closes connections whose other side has fallen silent", async () => {
      const started = latch();
      const handlers = {
        getTenant: () => {
          started.open();
          return new Promise<never>(() => {});
        },
      };
      const keepalive = { intervalMilliseconds: 600_000, timeoutMilliseconds: 600_000 };
      const server = await serveForTest(carrier.listen(), handlers, { keepalive });
      const proxy = await startTcpProxy(Number(new URL(server.url).port));
      const client = registryAt(carrier.target(`grpc://127.0.0.1:${proxy.port}`), { keepalive });
      const controller = new AbortController();
      const held = failureOf(client.getTenant({}, { ...ample, signal: controller.signal }));
      await started.opened;
      proxy.freeze();
      await server.close(10);
      controller.abort();
      expect(await held).toMatchObject({ code: Status.CANCELLED });
    });

    test("a broken connection fails its calls with UNAVAILABLE, aborts their handlers, and is made again", async () => {
      const started = latch();
      const aborted = latch();
      const server = await serveForTest(carrier.listen(), {
        deleteTenant: (_request, { signal }) => {
          signal.addEventListener("abort", aborted.open);
          started.open();
          return new Promise(() => {});
        },
        listTenants: async () => ({}),
      });
      const proxy = await startTcpProxy(Number(new URL(server.url).port));
      const client = registryAt(carrier.target(`grpc://127.0.0.1:${proxy.port}`));
      const held = failureOf(client.deleteTenant({}, ample));
      await started.opened;
      proxy.cut();
      expect(await held).toMatchObject({ kind: "unavailable", cause: { code: Status.UNAVAILABLE } });
      await aborted.opened;
      await vi.waitFor(() => client.listTenants({}, ample), patience);
    });

    test("keepalive finds a half-open connection, and another is made", async () => {
      const started = latch();
      const handlers = {
        deleteTenant: () => {
          started.open();
          return new Promise<never>(() => {});
        },
        listTenants: async () => ({}),
      };
      const keepalive = { intervalMilliseconds: 100, timeoutMilliseconds: 400 };
      const server = await serveForTest(carrier.listen(), handlers, { keepalive });
      const proxy = await startTcpProxy(Number(new URL(server.url).port));
      const client = registryAt(carrier.target(`grpc://127.0.0.1:${proxy.port}`), { keepalive });
      const held = failureOf(client.deleteTenant({}, ample));
      await started.opened;
      proxy.freeze();
      expect(await held).toMatchObject({ kind: "unavailable", cause: { code: Status.UNAVAILABLE } });
      await vi.waitFor(() => client.listTenants({}, ample), patience);
    });
  });

  describe(`replicas over ${carrier.name}`, () => {
    const hosts = ["127.0.0.1", "127.0.0.2"] as const;

    /** Two servers at one port of two addresses, each answering with its own name. */
    async function twoServers(): Promise<{ servers: readonly RunningServer[]; port: string }> {
      const [firstHost, secondHost] = hosts;
      const first = await serveForTest(`grpc://${firstHost}:0`, { getTenant: async () => ({ tenant: { name: firstHost } }) });
      const { port } = new URL(first.url);
      const second = await serveForTest(`grpc://${secondHost}:${port}`, {
        getTenant: async () => ({ tenant: { name: secondHost } }),
      });
      return { servers: [first, second], port };
    }

    async function whoAnswers(client: ReturnType<typeof registryAt>): Promise<string | undefined> {
      return (await client.getTenant({}, ample)).tenant?.name;
    }

    test("all addresses behind a name are found and share the load round-robin", async () => {
      const { port } = await twoServers();
      const client = registryAt(carrier.target(`grpc://signet.test:${port}`), { lookup: async () => hosts });
      await vi.waitFor(async () => {
        expect(new Set([await whoAnswers(client), await whoAnswers(client)])).toEqual(new Set(hosts));
      }, patience);
      const answered: (string | undefined)[] = [];
      for (let index = 0; index < 20; index += 1) answered.push(await whoAnswers(client));
      for (const host of hosts) expect(answered.filter((name) => name === host)).toHaveLength(10);
    });

    test("an address that is added is used, and one that is taken away is not", async () => {
      const { port } = await twoServers();
      let addresses: readonly string[] = [hosts[0]];
      const client = registryAt(carrier.target(`grpc://signet.test:${port}`), {
        lookup: async () => addresses,
        lookupMilliseconds: 20,
      });
      expect(await whoAnswers(client)).toBe(hosts[0]);
      addresses = hosts;
      await vi.waitFor(async () => expect(await whoAnswers(client)).toBe(hosts[1]), patience);
      addresses = [hosts[1]];
      await vi.waitFor(async () => {
        expect([await whoAnswers(client), await whoAnswers(client)]).toEqual([hosts[1], hosts[1]]);
      }, patience);
    });

    test("a replica that is gone is passed over", async () => {
      const { servers, port } = await twoServers();
      const client = registryAt(carrier.target(`grpc://signet.test:${port}`), { lookup: async () => hosts });
      await vi.waitFor(async () => expect(await whoAnswers(client)).toBe(hosts[1]), patience);
      await servers[1]?.close();
      await vi.waitFor(async () => {
        for (let index = 0; index < 6; index += 1) expect(await whoAnswers(client)).toBe(hosts[0]);
      }, patience);
    });

    test("a name that cannot be looked up is UNAVAILABLE, and is looked up again", async () => {
      const { port } = await twoServers();
      let isKnown = false;
      const lookup = async () => {
        if (!isKnown) throw new Error("no such name");
        return hosts;
      };
      const client = registryAt(carrier.target(`grpc://signet.test:${port}`), { lookup });
      expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ cause: expect.any(ClientError) });
      isKnown = true;
      await vi.waitFor(() => whoAnswers(client), patience);
    });

    test("a name service that fails takes nothing from the connections that stand", async () => {
      const { port } = await twoServers();
      const failedTwice = latch();
      let lookups = 0;
      const client = registryAt(carrier.target(`grpc://signet.test:${port}`), {
        lookupMilliseconds: 10,
        async lookup() {
          lookups += 1;
          if (lookups === 1) return hosts;
          if (lookups === 3) failedTwice.open();
          throw new Error("away");
        },
      });
      await whoAnswers(client);
      await failedTwice.opened;
      expect(hosts).toContain(await whoAnswers(client));
    });
  });
}
