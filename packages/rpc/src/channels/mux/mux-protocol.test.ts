import { Client, type ClientDuplexStream, credentials } from "@grpc/grpc-js";
import { mux, registry } from "@signet/contracts";
import { Metadata, Status } from "nice-grpc-common";
import { describe, expect, onTestFinished, test } from "vitest";
import { latch, serveForTest } from "../../contract/carrier-under-test.ts";
import { credentialMetadata } from "../../stack/credentials.ts";
import { replaceable } from "../../stack/current.ts";
import { remainingMilliseconds } from "../../stack/deadline.ts";
import { toGrpcMetadata } from "../grpc/metadata.ts";
import { pass } from "../grpc/pass.ts";
import { connectPath } from "./paths.ts";

const getTenant = "/signet.registry.v1.ClientRegistryService/GetTenant";
const watch = "/signet.registry.v1.ClientRegistryService/Watch";

interface RawStream {
  send(batch: Partial<mux.ConnectRequest>): void;
  /** The next batch from the server. */
  next(): Promise<mux.ConnectResponse>;
  /** The status that the stream ends with. */
  readonly status: Promise<Status>;
  readonly stream: ClientDuplexStream<Buffer, Buffer>;
}

/** The protocol as another implementation might speak it. */
function openRaw(url: string, token?: string): RawStream {
  const client = new Client(new URL(url).host, credentials.createInsecure());
  const metadata = token === undefined ? Metadata() : credentialMetadata({ token });
  const stream = client.makeBidiStreamRequest<Buffer, Buffer>(connectPath, pass, pass, toGrpcMetadata(metadata), {});
  onTestFinished(() => {
    stream.cancel();
    client.close();
  });
  const status = new Promise<Status>((resolve) => stream.on("status", ({ code }: { code: Status }) => resolve(code)));
  stream.on("error", () => undefined);
  const batches: mux.ConnectResponse[] = [];
  let wake = () => {};
  stream.on("data", (bytes: Buffer) => {
    batches.push(mux.ConnectResponse.decode(bytes));
    wake();
  });
  return {
    stream,
    status,
    send: (batch) => stream.write(Buffer.from(mux.ConnectRequest.encode(mux.ConnectRequest.fromPartial(batch)).finish())),
    async next() {
      for (;;) {
        const batch = batches.shift();
        if (batch !== undefined) return batch;
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    },
  };
}

function call(id: number, name: string, more: Partial<mux.Call> = {}): mux.Call {
  const payload = Buffer.from(registry.GetTenantRequest.encode({ name }).finish());
  return { id, path: getTenant, deadlineMilliseconds: undefined, metadata: [], payload, ...more };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

const echo = { getTenant: async ({ name }: { name: string }) => ({ tenant: { name } }) };

describe("the multiplexing protocol", () => {
  test("begins with a welcome that says what the server takes", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", echo, { window: 7, maximumMessageBytes: 1000 });
    expect((await openRaw(url).next()).welcome).toEqual({ window: 7, maximumMessageBytes: 1000 });
  });

  test("answers the calls of one batch in one batch", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", echo);
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(3, "a"), call(1, "b")] });
    const { replies } = await raw.next();
    expect(replies.map(({ id, payload }) => [id, registry.GetTenantResponse.decode(payload).tenant?.name])).toEqual([
      [3, "a"],
      [1, "b"],
    ]);
  });

  test("does not start a call that has no time left, and tells the handler of another how much it has", async () => {
    const remaining = new Map<string, number | undefined>();
    const { url } = await serveForTest("grpc://127.0.0.1:0", {
      async getTenant({ name }, { signal }) {
        remaining.set(name, remainingMilliseconds(signal));
        return {};
      },
    });
    const raw = openRaw(url);
    await raw.next();
    raw.send({
      calls: [call(1, "none", { deadlineMilliseconds: 0 }), call(2, "some", { deadlineMilliseconds: 5000 }), call(3, "for ever")],
    });
    const { errors } = await raw.next();
    expect(errors).toMatchObject([{ id: 1, status: Status.DEADLINE_EXCEEDED }]);
    expect([...remaining.keys()]).toEqual(["some", "for ever"]);
    expect(remaining.get("some")).toBeLessThanOrEqual(5000);
    expect(remaining.get("for ever")).toBeUndefined();
  });

  test("ends a call at its deadline without a word from the caller", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", { getTenant: () => new Promise(() => {}) });
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(1, "a", { deadlineMilliseconds: 20 })] });
    expect((await raw.next()).errors).toMatchObject([{ id: 1, status: Status.DEADLINE_EXCEEDED }]);
  });

  test("answers UNAVAILABLE to calls beyond the window, and takes others when one has ended", async () => {
    const release = latch();
    const { url } = await serveForTest(
      "grpc://127.0.0.1:0",
      {
        async getTenant() {
          await release.opened;
          return {};
        },
      },
      { window: 2 },
    );
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(1, "a"), call(2, "b"), call(3, "c")] });
    expect((await raw.next()).errors).toMatchObject([{ id: 3, status: Status.UNAVAILABLE }]);
    release.open();
    expect((await raw.next()).replies.map(({ id }) => id)).toEqual([1, 2]);
    raw.send({ calls: [call(3, "c")] });
    expect((await raw.next()).replies.map(({ id }) => id)).toEqual([3]);
  });

  test("takes the id of a cancelled call again at once, and answers only the later call", async () => {
    const aborted = latch();
    const { url } = await serveForTest("grpc://127.0.0.1:0", {
      getTenant: async ({ name }, { signal }) => {
        if (name === "later") return { tenant: { name } };
        signal.addEventListener("abort", aborted.open);
        return await new Promise(() => {});
      },
    });
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(1, "first")], cancels: [{ id: 1 }, { id: 99 }] });
    raw.send({ calls: [call(1, "later")] });
    const { replies, errors } = await raw.next();
    expect({ ids: replies.map(({ id }) => id), errors }).toEqual({ ids: [1], errors: [] });
    await aborted.opened;
  });

  test("H2: answers RESOURCE_EXHAUSTED to a payload beyond the limit, UNIMPLEMENTED to an unknown method, and goes on", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", echo, { maximumMessageBytes: 100 });
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(1, "a".repeat(200)), call(2, "", { path: "/a/b" }), call(3, "c")] });
    const { errors, replies } = await raw.next();
    const statuses = new Map(errors.map(({ id, status }) => [id, status]));
    expect(statuses).toEqual(
      new Map<number, number>([
        [1, Status.RESOURCE_EXHAUSTED],
        [2, Status.UNIMPLEMENTED],
      ]),
    );
    expect(replies.map(({ id }) => id)).toEqual([3]);
  });

  test.each<[string, Partial<mux.ConnectRequest>]>([
    ["an id that is in use", { calls: [call(1, "a"), call(1, "b")] }],
    ["metadata that breaks gRPC's rules", { calls: [call(1, "a", { metadata: [entry("a b", "c")] })] }],
  ])("ends the stream, and all its calls, for %s", async (_name, batch) => {
    const started = latch();
    const aborted = latch();
    const { url } = await serveForTest("grpc://127.0.0.1:0", {
      getTenant: (_request, { signal }) => {
        signal.addEventListener("abort", aborted.open);
        started.open();
        return new Promise(() => {});
      },
    });
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(7, "held")] });
    await started.opened;
    raw.send(batch);
    expect(await raw.status).toBe(Status.INVALID_ARGUMENT);
    await aborted.opened;
  });

  test("reads no more calls of a caller that does not read its replies, and loses none of them", async () => {
    let started = 0;
    const { url } = await serveForTest("grpc://127.0.0.1:0", {
      async getTenant() {
        started += 1;
        return { tenant: { name: "a".repeat(512 * 1024) } };
      },
    });
    const raw = openRaw(url);
    await raw.next();
    raw.stream.pause();
    for (let id = 1; id <= 200; id += 1) {
      raw.send({ calls: [call(id, "")] });
      await turn();
    }
    // A server that went on reading would have begun all of them by now: each turn of this process's event loop is one of its own.
    for (let count = 0; count < 200; count += 1) await turn();
    expect(started).toBeLessThan(100);
    raw.stream.resume();
    let replied = 0;
    while (replied < 200) replied += (await raw.next()).replies.length;
    expect([started, replied]).toEqual([200, 200]);
  });

  test("carries a stream as messages and an end", async () => {
    const { url } = await serveForTest("grpc://127.0.0.1:0", {
      async *watch() {
        yield { position: "1" };
        yield { position: "2" };
      },
    });
    const raw = openRaw(url);
    await raw.next();
    raw.send({ calls: [call(1, "", { path: watch })] });
    const positions: string[] = [];
    let ends: mux.End[] = [];
    while (ends.length === 0) {
      const batch = await raw.next();
      positions.push(...batch.messages.map(({ payload }) => registry.WatchResponse.decode(payload).position));
      ends = batch.ends;
    }
    expect([positions, ends]).toEqual([["1", "2"], [{ id: 1, trailer: [] }]]);
  });

  test("H1: a caller that is known no longer is asked to leave, and has no further call answered", async () => {
    const token = "c".repeat(32);
    const callers = replaceable([{ name: "caller", tokens: [token], may: ["*"] }]);
    const { url } = await serveForTest("grpc://127.0.0.1:0", echo, { credentials: { callers } });
    const raw = openRaw(url, token);
    await raw.next();
    raw.send({ calls: [call(1, "a")] });
    expect((await raw.next()).replies.map(({ id }) => id)).toEqual([1]);
    callers.replace([]);
    expect((await raw.next()).goAway).toEqual({});
    raw.send({ calls: [call(2, "b")] });
    expect((await raw.next()).errors).toMatchObject([{ id: 2, status: Status.UNAUTHENTICATED }]);
  });

  test("a server that stops takes no further stream", async () => {
    const server = await serveForTest("grpc://127.0.0.1:0", echo);
    const raw = openRaw(server.url);
    await raw.next();
    const closed = server.close(60_000);
    await raw.next();
    expect(await openRaw(server.url).status).toBe(Status.UNAVAILABLE);
    raw.stream.end();
    await closed;
  });

  test("a server that stops says so, takes calls that were under way to it, and ends when the caller has left", async () => {
    const server = await serveForTest("grpc://127.0.0.1:0", echo);
    const raw = openRaw(server.url);
    await raw.next();
    const closed = server.close(60_000);
    expect((await raw.next()).goAway).toEqual({});
    raw.send({ calls: [call(1, "crossed")] });
    expect((await raw.next()).replies.map(({ id }) => id)).toEqual([1]);
    raw.stream.end();
    expect(await raw.status).toBe(Status.OK);
    await closed;
  });
});

function entry(key: string, text: string): mux.MetadataEntry {
  return { key, text, binary: Buffer.alloc(0) };
}
