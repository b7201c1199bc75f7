import { once } from "node:events";
import { registry } from "@signet/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { type RegistryEvent, watch } from "./watch.ts";

type Watch = registry.ClientRegistryServiceClient["watch"];
type Event = NonNullable<registry.WatchResponse["event"]>;

/** A registry whose every stream says `events` and is then not heard any more, though it stands. */
function falling(...events: readonly Event[]) {
  const positions: (string | undefined)[] = [];
  const watch: Watch = async function* (request, options) {
    positions.push(request.position);
    for (const event of events) {
      options?.signal?.throwIfAborted();
      yield registry.WatchResponse.create({ position: `at-${positions.length}`, event });
    }
    if (options?.signal?.aborted === false) await once(options.signal, "abort");
    throw new Error("the stream was left");
  };
  return { positions, service: { watch } };
}

// Nothing here waits for real: time passes as the tests have it pass.
beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const ready: Event = { $case: "ready", value: { resumed: true } };
const quiet: Event = { $case: "quiet", value: { intervalMilliseconds: 10 } };

async function first(count: number, events: AsyncIterable<RegistryEvent>): Promise<RegistryEvent[]> {
  const seen: RegistryEvent[] = [];
  for await (const event of events) if (seen.push(event) === count) break;
  return seen;
}

test("a stream that announces itself and falls silent is left, and taken up again where it was", async () => {
  const { positions, service } = falling(ready, quiet);
  const watching = first(3, watch(service, { from: "before", signal: new AbortController().signal }));
  // First the silence is noticed, and then the stream is taken up again.
  await vi.advanceTimersByTimeAsync(40);
  await vi.advanceTimersByTimeAsync(50);
  const seen = await watching;
  expect(seen).toEqual([
    { kind: "ready", resumed: true, position: "at-1" },
    { kind: "interrupted", error: expect.objectContaining({ kind: "unavailable" }), position: "at-1" },
    { kind: "ready", resumed: true, position: "at-2" },
  ]);
  expect(positions).toEqual(["before", "at-1"]);
});

test("the time that the consumer takes is no silence of the stream", async () => {
  const { service } = falling(ready, quiet, ready, ready);
  const seen: string[] = [];
  for await (const { kind } of watch(service, { signal: new AbortController().signal })) {
    if (seen.push(kind) === 3) break;
    await vi.advanceTimersByTimeAsync(100);
  }
  expect(seen).toEqual(["ready", "ready", "ready"]);
});
