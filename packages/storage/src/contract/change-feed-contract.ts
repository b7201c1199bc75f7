import { expect, test } from "vitest";
import type { Change, ChangeFeed, FeedEvent, FeedPosition } from "../change-feed.ts";
import { aClientId, aTenantId, aTenantName } from "./fixtures/index.ts";

/** What every `ChangeFeed` promises. `open` gives an empty one. */
export function changeFeedContract(open: () => Promise<ChangeFeed>): void {
  test("a subscription begins by saying that it stands", async () => {
    const { next } = subscribed(await open());
    expect(await next()).toStrictEqual({ kind: "ready", position: expect.any(String), resumed: false });
  });

  test("every change after that comes, in order, to every subscriber", async () => {
    const feed = await open();
    const subscribers = [subscribed(feed), subscribed(feed), subscribed(feed)];
    for (const { next } of subscribers) expect((await next()).kind).toBe("ready");
    const published = [
      tenantChange(),
      clientChange(),
      { ...clientChange(), deleted: true },
      { ...tenantChange(), deleted: true },
    ];
    for (const change of published) await feed.publish(change);
    for (const { changes } of subscribers) expect(await changes(published.length)).toStrictEqual(published);
  });

  test("a subscriber who waits gets a change when it comes", async () => {
    const feed = await open();
    const { next } = subscribed(feed);
    await next();
    const waiting = next();
    const change = tenantChange();
    await feed.publish(change);
    expect(await waiting).toStrictEqual({ kind: "changed", position: expect.any(String), change });
  });

  test("100 concurrent publications lose nothing, and all subscribers see them in one order", async () => {
    const feed = await open();
    const [one, other] = [subscribed(feed), subscribed(feed)];
    await one.next();
    await other.next();
    const published = Array.from({ length: 100 }, clientChange);
    await Promise.all(published.map((change) => feed.publish(change)));
    const seen = await one.changes(100);
    expect(seen).toHaveLength(100);
    expect(seen).toEqual(expect.arrayContaining(published));
    expect(await other.changes(100)).toStrictEqual(seen);
  });

  test("who subscribes without a position sees nothing of what was before", async () => {
    const feed = await open();
    await feed.publish(tenantChange());
    const { next, changes } = subscribed(feed);
    await next();
    const change = clientChange();
    await feed.publish(change);
    expect(await changes(1)).toStrictEqual([change]);
  });

  test("a subscription resumes right after any position that was seen", async () => {
    const feed = await open();
    const first = subscribed(feed);
    const positions = [(await first.next()).position];
    const published = Array.from({ length: 5 }, clientChange);
    for (const change of published) {
      await feed.publish(change);
      positions.push((await first.next()).position);
    }
    for (const [index, position] of positions.entries()) {
      const { next, changes } = subscribed(feed, position);
      expect(await next()).toMatchObject({ kind: "ready", resumed: true });
      expect(await changes(published.length - index)).toStrictEqual(published.slice(index));
    }
  });

  test("the position that a resumed subscription begins with loses nothing", async () => {
    const feed = await open();
    const { position } = await subscribed(feed).next();
    const published = [clientChange(), tenantChange()];
    for (const change of published) await feed.publish(change);
    const resumed = await subscribed(feed, position).next();
    const { next, changes } = subscribed(feed, resumed.position);
    expect(await next()).toMatchObject({ kind: "ready", resumed: true });
    expect(await changes(2)).toStrictEqual(published);
  });

  test.each(["", "0", "nonsense", "9-9", "999999999999999-0", "00000000-0000", "-1", "💥"])(
    "the position %j, which no subscriber was given, is not resumed from",
    async (position) => {
      const feed = await open();
      await feed.publish(tenantChange());
      const { next, changes } = subscribed(feed, position);
      expect(await next()).toMatchObject({ kind: "ready", resumed: false });
      const change = clientChange();
      await feed.publish(change);
      expect(await changes(1)).toStrictEqual([change]);
    },
  );

  test("memory is bounded: a position falls off in the end, and its holder is told", async () => {
    const feed = await open();
    const { position } = await subscribed(feed).next();
    await publishUntilFallenOff(feed, position);
    const { next, changes } = subscribed(feed, position);
    expect(await next()).toMatchObject({ kind: "ready", resumed: false });
    const change = tenantChange();
    await feed.publish(change);
    expect(await changes(1)).toStrictEqual([change]);
  });

  test("a subscriber who falls behind misses no change without being told", async () => {
    const feed = await open();
    const slow = subscribed(feed);
    const { position } = await slow.next();
    const published = await publishUntilFallenOff(feed, position);
    const seen: Change[] = [];
    let event = await slow.next();
    while (event.kind === "changed" && seen.push(event.change) < published.length) event = await slow.next();
    expect(seen).toStrictEqual(published.slice(0, seen.length));
    if (event.kind === "ready") expect(event.resumed).toBe(false);

    const last = tenantChange();
    await feed.publish(last);
    do event = await slow.next();
    while (event.kind === "ready" || event.change.tenantId !== last.tenantId);
    expect(event.change).toStrictEqual(last);
  });

  test("an abort ends a waiting subscription without an error", async () => {
    const feed = await open();
    const { iterator, abort, next } = subscribed(feed);
    await next();
    const waiting = drained(iterator);
    abort();
    expect(await waiting).toBe(0);
    await feed.publish(tenantChange());
    expect((await iterator.next()).done).toBe(true);
  });

  test("an abort ends a subscription that has more to read", async () => {
    const feed = await open();
    const { iterator, abort, next } = subscribed(feed);
    await next();
    await feed.publish(tenantChange());
    abort();
    await expect(drained(iterator)).resolves.toBeLessThanOrEqual(1);
  });

  test("a subscription that was aborted before it began ends without an error", async () => {
    const { iterator, abort } = subscribed(await open());
    abort();
    await expect(drained(iterator)).resolves.toBeLessThanOrEqual(1);
  });

  test("a subscriber who leaves disturbs no other", async () => {
    const feed = await open();
    const [leaving, staying] = [subscribed(feed), subscribed(feed)];
    await leaving.next();
    await staying.next();
    await leaving.iterator.return?.();
    const change = clientChange();
    await feed.publish(change);
    expect(await staying.changes(1)).toStrictEqual([change]);
  });
}

function subscribed(feed: ChangeFeed, position?: FeedPosition) {
  const controller = new AbortController();
  const iterator = feed.subscribe(position, controller.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<Exclude<FeedEvent, { kind: "quiet" }>> => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) throw new Error("the subscription has ended");
      // Whether and when it comes is each feed's own.
      if (value.kind !== "quiet") return value;
    }
  };
  const changes = async (count: number): Promise<Change[]> => {
    const seen: Change[] = [];
    while (seen.length < count) {
      const event = await next();
      if (event.kind === "ready") throw new Error("the subscription lost its place");
      seen.push(event.change);
    }
    return seen;
  };
  return { iterator, abort: () => controller.abort(), next, changes };
}

/** The changes published until no one can resume from `position` any more. */
async function publishUntilFallenOff(feed: ChangeFeed, position: FeedPosition): Promise<Change[]> {
  const published: Change[] = [];
  for (let round = 0; round < 100; round++) {
    const changes = Array.from({ length: 1000 }, clientChange);
    for (const change of changes) await feed.publish(change);
    published.push(...changes);
    const ready = await subscribed(feed, position).next();
    if (ready.kind === "ready" && !ready.resumed) return published;
  }
  throw new Error("the feed still remembers a position after 100,000 changes");
}

/** How many events came before the end. */
async function drained(iterator: AsyncIterator<FeedEvent>): Promise<number> {
  let count = 0;
  for (;;) {
    const { done, value } = await iterator.next();
    if (done === true) return count;
    if (value.kind !== "quiet") count++;
  }
}

function tenantChange(): Change {
  return { kind: "tenant", tenantId: aTenantId(), name: aTenantName(), deleted: false };
}

function clientChange(): Change {
  return { kind: "client", tenantId: aTenantId(), clientId: aClientId(), deleted: false };
}
