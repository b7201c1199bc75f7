import { Status } from "nice-grpc-common";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { type Caller, type ClientCredentials, callerOf } from "../stack/credentials.ts";
import { type Replaceable, replaceable } from "../stack/current.ts";
import { type CarrierUnderTest, connect, failureOf, latch, type RegistryClient, registryAt } from "./carrier-under-test.ts";

const ample = { timeoutMilliseconds: 15_000 } as object;
const patience = { timeout: 15_000, interval: 5 };
const [earlierToken, laterToken] = ["e", "l"].map((letter) => letter.repeat(32)) as [string, string];
const may = ["signet.registry.v1.ClientRegistryService"];
/** One caller with two tokens, under two names, so that a reply says which of them was shown. */
const earlier: Caller = { name: "earlier", tokens: [earlierToken], may };
const later: Caller = { name: "later", tokens: [laterToken], may };

const handlers = {
  getTenant: async (_request: object, context: Parameters<typeof callerOf>[0]) => ({ tenant: { name: callerOf(context) ?? "" } }),
  listTenants: async () => ({}),
  async *watch(_request: object, { signal }: { signal: AbortSignal }) {
    yield { position: "1" };
    await new Promise<void>((resolve) => signal.addEventListener("abort", () => resolve()));
  },
};

/** What the carriers between processes promise where credentials change while they are in use. */
export function rotationContract(carrier: CarrierUnderTest): void {
  async function setUp(more: Partial<typeof handlers> = {}, known: readonly Caller[] = [earlier]) {
    const callers: Replaceable<readonly Caller[]> = replaceable(known);
    const credentials: Replaceable<ClientCredentials> = replaceable({ token: earlierToken });
    const options = { server: { credentials: { callers } }, channel: { credentials } };
    return { callers, credentials, ...(await connect(carrier, { ...handlers, ...more }, options)) };
  }

  async function nameOf(client: RegistryClient): Promise<string | undefined> {
    return (await client.getTenant({}, ample)).tenant?.name;
  }

  describe(`rotation over ${carrier.name}`, () => {
    test("a token is replaced under calls without a failure", async () => {
      const { client, callers, credentials } = await setUp();
      const load = callWithoutPause(client);
      await vi.waitFor(() => expect(load.latest()).toBe("earlier"), patience);
      callers.replace([earlier, later]);
      credentials.replace({ token: laterToken });
      await vi.waitFor(() => expect(load.latest()).toBe("later"), patience);
      await load.turns(100);
      callers.replace([later]);
      await load.turns(100);
      await load.stop();
      expect(load.failures).toEqual([]);
      expect(load.latest()).toBe("later");
    });

    test("a call that was begun with the earlier token ends as if nothing had been", async () => {
      const started = latch();
      const release = latch();
      const { client, callers, credentials } = await setUp({
        async getTenant(_request, context) {
          started.open();
          await release.opened;
          return { tenant: { name: callerOf(context) ?? "" } };
        },
      });
      const held = nameOf(client);
      await started.opened;
      callers.replace([later]);
      credentials.replace({ token: laterToken });
      await vi.waitFor(() => client.listTenants({}, ample), patience);
      release.open();
      expect(await held).toBe("earlier");
    });

    test("H1: a token that is accepted no longer is UNAUTHENTICATED at once, whenever the connection was opened", async () => {
      const { client, callers, target } = await setUp();
      expect(await nameOf(client)).toBe("earlier");
      callers.replace([later]);
      for (let count = 0; count < 5; count += 1) {
        expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ kind: "unauthenticated" });
      }
      const another = registryAt(target, { credentials: { token: earlierToken } });
      expect(await failureOf(another.getTenant({}, ample))).toMatchObject({ kind: "unauthenticated" });
    });

    test("a token is accepted at once, also on a channel that was refused before", async () => {
      const { client, callers, credentials } = await setUp({}, []);
      expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ kind: "unauthenticated" });
      callers.replace([later]);
      expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ kind: "unauthenticated" });
      credentials.replace({ token: laterToken });
      await vi.waitFor(async () => expect(await nameOf(client)).toBe("later"), patience);
    });

    test("a right that is given or taken away counts from the next call on", async () => {
      const { client, callers } = await setUp();
      await client.listTenants({}, ample);
      callers.replace([{ ...earlier, may: ["/signet.registry.v1.ClientRegistryService/GetTenant"] }]);
      expect(await failureOf(client.listTenants({}, ample))).toMatchObject({ kind: "forbidden" });
      expect(await nameOf(client)).toBe("earlier");
      callers.replace([earlier]);
      await client.listTenants({}, ample);
    });

    test.each<[string, readonly Caller[], string]>([
      ["the token", [later], "unauthenticated"],
      ["the right", [{ ...earlier, may: ["/signet.registry.v1.ClientRegistryService/GetTenant"] }], "forbidden"],
    ])("a stream of messages ends, to be begun again, when %s is gone that it was begun with", async (_name, next, kind) => {
      const { client, callers } = await setUp();
      const stream = client.watch({})[Symbol.asyncIterator]();
      expect((await stream.next()).value).toEqual({ position: "1" });
      const end = failureOf(stream.next());
      callers.replace([earlier, later]);
      await client.listTenants({}, ample);
      expect(await Promise.race([end, "goes on"])).toBe("goes on");
      callers.replace(next);
      expect(await end).toMatchObject({ kind: "unavailable", cause: { code: Status.UNAVAILABLE } });
      expect(await failureOf(client.watch({})[Symbol.asyncIterator]().next())).toMatchObject({ kind });
    });

    test("callers that cannot be used are refused, and those before them stay", async () => {
      const { client, callers } = await setUp();
      expect(() => callers.replace([{ name: "gateway", tokens: ["short"], may }])).toThrow("gateway");
      expect(callers.value).toEqual([earlier]);
      expect(await nameOf(client)).toBe("earlier");
    });

    test("a server and a channel that are closed follow no changes any more", async () => {
      const followers = new Set<unknown>();
      function counted<Value>(value: Value) {
        return {
          value,
          onChange(listener: (value: Value) => void) {
            followers.add(listener);
            return () => followers.delete(listener);
          },
        };
      }
      const { server, client } = await connect(carrier, handlers, {
        server: { credentials: { callers: counted([earlier]) } },
      });
      expect(await failureOf(client.getTenant({}, ample))).toMatchObject({ cause: { code: Status.UNAUTHENTICATED } });
      expect(followers.size).toBe(1);
      await server.close();
      expect(followers.size).toBe(0);
    });
  });
}

interface Load {
  readonly failures: readonly unknown[];
  /** Who made the call that was answered last. */
  latest(): string | undefined;
  /** Resolves after so many more answers. */
  turns(count: number): Promise<void>;
  stop(): Promise<void>;
}

/** Eight calls at any moment. */
function callWithoutPause(client: RegistryClient): Load {
  const failures: unknown[] = [];
  let latest: string | undefined;
  let answered = 0;
  let isStopping = false;

  async function callOn(): Promise<void> {
    while (!isStopping) {
      try {
        latest = (await client.getTenant({}, ample)).tenant?.name;
      } catch (error) {
        failures.push(error);
      }
      answered += 1;
      await new Promise<void>((resolve) => setImmediate(resolve));
    }
  }

  const callers = Array.from({ length: 8 }, callOn);
  const stop = async () => {
    isStopping = true;
    await Promise.all(callers);
  };
  onTestFinished(stop);
  return {
    failures,
    latest: () => latest,
    async turns(count) {
      const target = answered + count;
      await vi.waitFor(() => expect(answered).toBeGreaterThanOrEqual(target), patience);
    },
    stop,
  };
}
