import type { Change, FeedEvent, FeedPosition } from "@signet/storage";
import { aClientId, aTenantId } from "@signet/storage/contract/fixtures";
import { withRedisServer } from "@signet/test-servers/vitest";
import { expect, onTestFinished, test } from "vitest";
import type { RedisStores } from "./redis-stores.ts";
import { direct } from "./testing/direct.ts";
import { recoveredAfter, unavailableAfter } from "./testing/elapsed.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

function aChange(): Change {
  return { kind: "client", tenantId: aTenantId(), clientId: aClientId(), deleted: true };
}

function subscribed({ changes }: RedisStores, position?: FeedPosition) {
  const controller = new AbortController();
  onTestFinished(() => controller.abort());
  const iterator = changes.subscribe(position, controller.signal)[Symbol.asyncIterator]();
  const next = async (): Promise<FeedEvent> => {
    for (;;) {
      const { done, value } = await iterator.next();
      if (done === true) throw new Error("the subscription has ended");
      if (value.kind !== "quiet") return value;
    }
  };
  return { next, iterator, abort: () => controller.abort() };
}

withRedisServer({ settings: ["--appendonly", "yes", "--appendfsync", "always"] }, (server) => {
  test("a subscription resumes with another replica", async () => {
    const prefix = aPrefix();
    const [one, other] = [temporaryStores(server, { prefix }), temporaryStores(server, { prefix })];
    const { position } = await subscribed(one).next();
    const change = aChange();
    await one.changes.publish(change);
    const { next } = subscribed(other, position);
    expect(await next()).toStrictEqual({ kind: "ready", position, resumed: true });
    expect(await next()).toMatchObject({ kind: "changed", change });
  });

  test("X5: an emptied Redis is recognised by whoever is subscribed, and by whoever comes back", async () => {
    const stores = temporaryStores(server);
    const running = subscribed(stores);
    const { position } = await running.next();
    await direct(server).flushall();
    expect(await running.next()).toMatchObject({ kind: "ready", resumed: false });
    expect(await subscribed(stores, position).next()).toMatchObject({ kind: "ready", resumed: false });
    const change = aChange();
    await stores.changes.publish(change);
    expect(await running.next()).toMatchObject({ kind: "changed", change });
  });

  test("X5: an emptied Redis is recognised also where as many changes have come since", async () => {
    const stores = temporaryStores(server);
    const running = subscribed(stores);
    await running.next();
    await stores.changes.publish(aChange());
    const { position } = await running.next();
    await direct(server).flushall();
    await stores.changes.publish(aChange());
    await stores.changes.publish(aChange());
    expect(await running.next()).toMatchObject({ kind: "ready", resumed: false });
    expect(await subscribed(stores, position).next()).toMatchObject({ kind: "ready", resumed: false });
  });

  test("a position that the feed has yet to reach is not resumed from", async () => {
    const stores = temporaryStores(server);
    const { position } = await subscribed(stores).next();
    const ahead = position.replace(/\d+$/, "1");
    expect(ahead).not.toBe(position);
    expect(await subscribed(stores, ahead).next()).toStrictEqual({ kind: "ready", position, resumed: false });
  });

  test("X3: a subscription ends as unavailable when Redis is killed, and is not resumed from: changes may have been lost", async () => {
    const stores = temporaryStores(server);
    const { next } = subscribed(stores);
    const { position } = await next();
    const waiting = unavailableAfter(next);
    await server.kill();
    await waiting;
    await unavailableAfter(() => stores.changes.publish(aChange()));
    await unavailableAfter(() => subscribed(stores).next());
    await server.start();
    await recoveredAfter(() => stores.ready());
    expect(await subscribed(stores, position).next()).toMatchObject({ kind: "ready", resumed: false });
  });

  test("X6: a subscription to a Redis that stands still ends as unavailable, and none begins", async () => {
    const stores = temporaryStores(server, { deadlineMilliseconds: 500 });
    const { next } = subscribed(stores);
    await next();
    server.pause();
    onTestFinished(() => server.resume());
    expect(await unavailableAfter(next)).toBeLessThan(10_000);
    expect(await unavailableAfter(() => subscribed(stores).next())).toBeLessThan(5000);
  });

  test("a subscription takes its connection with it, however it ends", async () => {
    const administrator = direct(server);
    const connections = async () => String(await administrator.client("LIST")).match(/ name=signet /g)?.length ?? 0;
    const stores = temporaryStores(server);
    await stores.ready();
    // Those of other tests may be about to end.
    await expect.poll(connections, { timeout: 10_000 }).toBe(1);
    const [aborted, left] = [subscribed(stores), subscribed(stores)];
    await aborted.next();
    await left.next();
    expect(await connections()).toBe(3);
    const waiting = Array.fromAsync({ [Symbol.asyncIterator]: () => aborted.iterator });
    aborted.abort();
    await waiting;
    await left.iterator.return?.();
    await expect.poll(connections, { timeout: 10_000 }).toBe(1);
  });

  test("a subscriber to whom nothing is told hears several times a second that nothing has changed", async () => {
    const stores = temporaryStores(server);
    const { iterator } = subscribed(stores);
    const { value: ready } = await iterator.next();
    const began = performance.now();
    for (let count = 0; count < 4; count++) {
      expect((await iterator.next()).value).toEqual({ kind: "quiet", position: ready?.position, intervalMilliseconds: 250 });
    }
    expect(performance.now() - began).toBeLessThan(2000);
  });

  test("there are no more subscriptions than may be; one that ends makes room", async () => {
    const stores = temporaryStores(server, { maximumSubscriptions: 1 });
    const first = subscribed(stores);
    await first.next();
    await expect(subscribed(stores).next()).rejects.toThrow("too many subscriptions");
    await first.iterator.return?.();
    expect(await subscribed(stores).next()).toMatchObject({ kind: "ready" });
  });

  test("stores that close end their subscriptions", async () => {
    const stores = temporaryStores(server);
    const { next } = subscribed(stores);
    await next();
    const waiting = unavailableAfter(next);
    await stores.close();
    await waiting;
    await unavailableAfter(() => subscribed(stores).next());
  });
});
