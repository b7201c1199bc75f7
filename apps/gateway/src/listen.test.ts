import type { ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { type ListenOptions, listen } from "./listen.ts";

const at = (host: string, port = 0): ListenOptions => ({ host, port, https: undefined, logger: { info() {}, error() {} } });

/** A listener whose answers the test gives. */
function heldBack() {
  const arrivals: ServerResponse[] = [];
  const { promise: arrived, resolve } = Promise.withResolvers<void>();
  return {
    arrived,
    arrivals,
    listener: async (_request: unknown, response: ServerResponse) => {
      arrivals.push(response);
      resolve();
    },
  };
}

test("a request that was accepted before the end is answered, and its connection is kept for no other", async () => {
  const { listener, arrived, arrivals } = heldBack();
  const { port, close } = await listen(listener, at("localhost"));
  const replying = fetch(`http://127.0.0.1:${port}/`);
  await arrived;
  const closing = close(60_000);
  await expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
  arrivals[0]?.end("answer");
  const reply = await replying;
  expect([reply.headers.get("Connection"), await reply.text()]).toEqual(["close", "answer"]);
  await closing;
});

test("what is not answered in time is cut off", async () => {
  const { listener, arrived } = heldBack();
  const { port, close } = await listen(listener, at("localhost"));
  const cutOff = expect(fetch(`http://127.0.0.1:${port}/`)).rejects.toThrow("fetch failed");
  await arrived;
  await close(1);
  await cutOff;
});

test("before the end a connection is kept for the next request", async () => {
  const { port, close } = await listen(async (_request, response) => void response.end("answer"), at("127.0.0.1"));
  const reply = await fetch(`http://127.0.0.1:${port}/`);
  expect([reply.headers.get("Connection"), await reply.text()]).toEqual(["keep-alive", "answer"]);
  await close(60_000);
});

test("a port that another program has is said by its code", async () => {
  const { port, close } = await listen(async () => undefined, at("::1"));
  await expect(listen(async () => undefined, at("localhost", port))).rejects.toMatchObject({ code: "EADDRINUSE" });
  await close(1);
});
