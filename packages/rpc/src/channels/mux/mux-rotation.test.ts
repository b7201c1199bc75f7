import { describe, expect, onTestFinished, test, vi } from "vitest";
import { connect, latch, muxUnderTest, registryAt, serveForTest } from "../../contract/carrier-under-test.ts";
import { startTcpProxy } from "../../contract/tcp-proxy.ts";
import { type Caller, callerOf } from "../../stack/credentials.ts";
import { replaceable } from "../../stack/current.ts";
import { createChannel } from "../create-channel.ts";

const patience = { timeout: 15_000, interval: 5 };
const ample = { timeoutMilliseconds: 15_000 } as object;
const [earlierToken, laterToken] = ["e", "l"].map((letter) => letter.repeat(32)) as [string, string];
const earlier: Caller = { name: "earlier", tokens: [earlierToken], may: ["*"] };
const later: Caller = { name: "later", tokens: [laterToken], may: ["*"] };

describe("a multiplexed connection whose credentials are replaced", () => {
  const nameOfCaller = {
    getTenant: async (_request: object, context: Parameters<typeof callerOf>[0]) => ({
      tenant: { name: callerOf(context) ?? "" },
    }),
  };

  test("goes on while the server does not accept the new ones, and is left once it does", async () => {
    const callers = replaceable<readonly Caller[]>([earlier]);
    const credentials = replaceable({ token: earlierToken });
    const refused = latch();
    const { client } = await connect(muxUnderTest, nameOfCaller, {
      server: { credentials: { callers }, onError: refused.open },
      channel: { credentials },
    });
    expect((await client.getTenant({}, ample)).tenant?.name).toBe("earlier");
    credentials.replace({ token: laterToken });
    await refused.opened;
    for (let count = 0; count < 20; count += 1) expect((await client.getTenant({}, ample)).tenant?.name).toBe("earlier");
    callers.replace([earlier, later]);
    await vi.waitFor(async () => expect((await client.getTenant({}, ample)).tenant?.name).toBe("later"), patience);
  });

  test("keeps its streams of messages, is closed after the last, and counts as lost to nobody", async () => {
    const lost: unknown[] = [];
    const credentials = replaceable({ token: earlierToken });
    const release = latch();
    const server = await serveForTest(
      muxUnderTest.listen(),
      {
        ...nameOfCaller,
        async *watch() {
          yield { position: "1" };
          await release.opened;
          yield { position: "2" };
        },
      },
      { credentials: { callers: [earlier, later] } },
    );
    const proxy = await startTcpProxy(Number(new URL(server.url).port));
    const client = registryAt(`mux://127.0.0.1:${proxy.port}`, { credentials, onLost: (loss) => lost.push(loss) });
    const positions: string[] = [];
    for await (const { position } of client.watch({})) {
      positions.push(position);
      if (position !== "1") continue;
      credentials.replace({ token: laterToken });
      await vi.waitFor(async () => expect((await client.getTenant({}, ample)).tenant?.name).toBe("later"), patience);
      expect(proxy.connections).toBe(2);
      release.open();
    }
    await vi.waitFor(() => expect(proxy.connections).toBe(1), patience);
    expect([positions, lost]).toEqual([["1", "2"], []]);
  });

  test("is replaced by one, however often they are", async () => {
    const tokens = Array.from({ length: 20 }, (_, index) => String(index).padStart(32, "t"));
    const credentials = replaceable({ token: earlierToken });
    const callers = [earlier, { name: "last", tokens: [tokens.at(-1) ?? ""], may: ["*"] }];
    const server = await serveForTest(muxUnderTest.listen(), nameOfCaller, { credentials: { callers } });
    const proxy = await startTcpProxy(Number(new URL(server.url).port));
    const client = registryAt(`mux://127.0.0.1:${proxy.port}`, { credentials });
    await client.getTenant({}, ample);
    for (const token of tokens) credentials.replace({ token });
    await vi.waitFor(async () => expect((await client.getTenant({}, ample)).tenant?.name).toBe("last"), patience);
    await vi.waitFor(() => expect(proxy.connections).toBe(1), patience);
  });

  test("a channel that was closed does not hear of them", async () => {
    const listeners = new Set<unknown>();
    const credentials = {
      value: { token: earlierToken },
      onChange(listener: unknown) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    };
    const { client, target } = await connect(muxUnderTest, nameOfCaller, { channel: { credentials } });
    await client.getTenant({}, ample);
    const channel = createChannel(target, { credentials });
    onTestFinished(() => channel.close());
    await vi.waitFor(() => expect(listeners.size).toBe(2), patience);
    channel.close();
    expect(listeners.size).toBe(1);
  });
});
