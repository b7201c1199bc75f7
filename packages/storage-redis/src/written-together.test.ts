import { Writable } from "node:stream";
import { setImmediate as turnOfTheEventLoop } from "node:timers/promises";
import { expect, test } from "vitest";
import { writeTogether } from "./written-together.ts";

function recordedStream(): { readonly stream: Writable; readonly writes: string[] } {
  const writes: string[] = [];
  const stream = new Writable({
    decodeStrings: false,
    writev(chunks, done) {
      writes.push(chunks.map(({ chunk }) => String(chunk)).join(""));
      done();
    },
  });
  return { stream, writes };
}

function send(stream: Writable, text: string): void {
  writeTogether(stream);
  stream.write(text);
}

test("what is written within one turn of the event loop goes out in one write", async () => {
  const { stream, writes } = recordedStream();
  send(stream, "one ");
  await Promise.resolve();
  send(stream, "two");
  expect(writes).toEqual([]);
  await turnOfTheEventLoop();
  expect(writes).toEqual(["one two"]);
});

test("what is written in another turn goes out in another write, and never waits for a third", async () => {
  const { stream, writes } = recordedStream();
  for (const text of ["one", "two", "three"]) {
    send(stream, text);
    await turnOfTheEventLoop();
  }
  expect(writes).toEqual(["one", "two", "three"]);
});
