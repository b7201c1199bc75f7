import { ResourceError } from "@signet/protocol";
import { Status } from "nice-grpc-common";
import { describe, expect, test } from "vitest";
import { type CarrierUnderTest, connect, latch } from "./carrier-under-test.ts";

/** What every carrier promises of a server-streaming call. */
export function streamingContract(carrier: CarrierUnderTest): void {
  async function positions(stream: AsyncIterable<{ position: string }>, into: string[] = []): Promise<string[]> {
    for await (const { position } of stream) into.push(position);
    return into;
  }

  describe(`streams over ${carrier.name}`, () => {
    test("messages arrive in their order, and the end after them", async () => {
      const { client } = await connect(carrier, {
        async *watch({ position }) {
          for (let index = 0; index < 500; index += 1) yield { position: `${position}${index}` };
        },
      });
      const [one, other] = await Promise.all([
        positions(client.watch({ position: "a" })),
        positions(client.watch({ position: "b" })),
      ]);
      expect(one).toEqual(Array.from({ length: 500 }, (_, index) => `a${index}`));
      expect(other).toEqual(Array.from({ length: 500 }, (_, index) => `b${index}`));
    });

    test("a message arrives while the stream goes on", async () => {
      const received = latch();
      const { client } = await connect(carrier, {
        async *watch() {
          yield { position: "1" };
          await received.opened;
          yield { position: "2" };
        },
      });
      const seen: string[] = [];
      for await (const { position } of client.watch({})) {
        seen.push(position);
        received.open();
      }
      expect(seen).toEqual(["1", "2"]);
    });

    test("an error arrives after the messages before it", async () => {
      const { client } = await connect(carrier, {
        async *watch() {
          yield { position: "1" };
          throw new ResourceError("not_found", "gone");
        },
      });
      const seen: string[] = [];
      await expect(positions(client.watch({}), seen)).rejects.toMatchObject({ name: "ResourceError", kind: "not_found" });
      expect(seen).toEqual(["1"]);
    });

    test("a reader that leaves ends the handler", async () => {
      const ended = latch();
      const { client } = await connect(carrier, {
        async *watch(_request, { signal }) {
          try {
            for (let index = 0; !signal.aborted; index += 1) {
              yield { position: String(index) };
              await new Promise<void>((resolve) => setImmediate(resolve));
            }
          } finally {
            ended.open();
          }
        },
      });
      for await (const { position } of client.watch({})) if (position === "3") break;
      await ended.opened;
    });

    test("an abort reaches the handler's signal, and ends the stream for its reader, by CANCELLED or as the handler ends it", async () => {
      const aborted = latch();
      const { client } = await connect(carrier, {
        async *watch(_request, { signal }) {
          signal.addEventListener("abort", aborted.open);
          yield { position: "1" };
          await aborted.opened;
        },
      });
      const controller = new AbortController();
      let count = 0;
      const read = async () => {
        for await (const _ of client.watch({}, { signal: controller.signal })) {
          count += 1;
          controller.abort();
        }
      };
      const outcome = await read().then(
        () => "ended",
        (error: unknown) => error,
      );
      if (outcome !== "ended") expect(outcome).toMatchObject({ code: Status.CANCELLED });
      await aborted.opened;
      expect(count).toBe(1);
    });

    test("a long stream of long messages passes whole", async () => {
      const { client } = await connect(carrier, {
        async *watch() {
          for (let index = 0; index < 300; index += 1) yield { position: String(index).padStart(64 * 1024, "0") };
        },
      });
      let count = 0;
      for await (const { position } of client.watch({})) {
        expect(Number(position)).toBe(count);
        count += 1;
      }
      expect(count).toBe(300);
    });
  });
}
