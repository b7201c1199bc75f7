import { describe, expect, test } from "vitest";
import { type BatchWriter, createBatchWriter } from "./batch-writer.ts";

/** A stream that takes so many messages before each `drain`. */
function open(takes = Number.POSITIVE_INFINITY): { writer: BatchWriter<string[]>; written: string[]; drain(): void } {
  const written: string[] = [];
  let room = takes;
  let onDrain = () => {};
  const writer = createBatchWriter<string[]>({
    empty: () => [],
    encode: (batch) => Buffer.from(batch.join("")),
    sink: {
      write(message) {
        written.push(message.toString());
        room -= 1;
        return room > 0;
      },
      once(_event, listener) {
        onDrain = listener;
      },
    },
  });
  return {
    writer,
    written,
    drain() {
      room = takes;
      onDrain();
    },
  };
}

const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

function add(writer: BatchWriter<string[]>, frame: string, bytes = 1): void {
  writer.add(bytes, (batch) => batch.push(frame));
}

describe("a batch writer", () => {
  test("sends all frames of one turn of the event loop in one message", async () => {
    const { writer, written } = open();
    for (const frame of ["a", "b", "c"]) add(writer, frame);
    await Promise.resolve().then(() => add(writer, "d"));
    expect(written).toEqual([]);
    await turn();
    add(writer, "e");
    await turn();
    expect(written).toEqual(["abcd", "e"]);
  });

  test("begins another message before one would grow too long", async () => {
    const { writer, written } = open();
    for (const frame of ["a", "b", "c"]) add(writer, frame, 100_000);
    add(writer, "d", 1_000_000);
    await turn();
    expect(written).toEqual(["ab", "c", "d"]);
  });

  test("keeps what a blocked stream does not take, and sends it at the drain in order", async () => {
    const { writer, written, drain } = open(1);
    add(writer, "a", 200_000);
    add(writer, "b", 200_000);
    await turn();
    add(writer, "c", 10);
    await turn();
    expect({ written, isBlocked: writer.isBlocked, queuedBytes: writer.queuedBytes }).toEqual({
      written: ["a"],
      isBlocked: true,
      queuedBytes: 200_010,
    });
    drain();
    expect(written).toEqual(["a", "bc"]);
    expect(writer.queuedBytes).toBe(0);
  });

  test("is drained when the stream takes frames again", async () => {
    const { writer, drain } = open(1);
    add(writer, "a", 200_000);
    add(writer, "b", 200_000);
    await turn();
    let isDrained = false;
    const drained = writer.drained().then(() => {
      isDrained = true;
    });
    // This drain sends what waited, which blocks the stream again.
    drain();
    await turn();
    expect(isDrained).toBe(false);
    drain();
    await drained;
  });

  test("sends nothing after its end, and lets go whoever waits", async () => {
    const { writer, written } = open(1);
    add(writer, "a");
    await turn();
    const drained = writer.drained();
    writer.close();
    add(writer, "b");
    await drained;
    await turn();
    expect(written).toEqual(["a"]);
  });
});
