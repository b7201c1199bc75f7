import { later } from "@signet/protocol";
import { aCode, anInteraction, aSession, concurrently, minute, now } from "@signet/storage/contract/fixtures";
import { withRedisServer } from "@signet/test-servers/vitest";
import { describe, expect, onTestFinished, test } from "vitest";
import { direct } from "./testing/direct.ts";
import { failuresUntilSuccess, median, recoveredAfter, unavailableAfter } from "./testing/elapsed.ts";
import { silentProxy } from "./testing/silent-proxy.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

describe("a Redis that is away", () => {
  withRedisServer({ settings: ["--appendonly", "yes", "--appendfsync", "always"] }, (server) => {
    test("X3: a killed Redis is unavailable within half a second, and works again within 5 s of its return", async () => {
      const { codes } = temporaryStores(server);
      const [consumed, fresh] = [aCode(), aCode()];
      await codes.save(consumed);
      await codes.save(fresh);
      await codes.consume(consumed.tenantId, consumed.hash, now);

      await server.kill();
      const consume = () => codes.consume(fresh.tenantId, fresh.hash, now);
      const elapsed: number[] = [];
      for (let call = 0; call < 5; call++) elapsed.push(await unavailableAfter(consume));
      expect(median(elapsed)).toBeLessThan(500);

      await server.start();
      const save = () => codes.save(aCode());
      expect(await recoveredAfter(save)).toBeLessThan(5000);
      expect((await consume()).kind).toBe("consumed");
      expect((await codes.consume(consumed.tenantId, consumed.hash, now)).kind).toBe("replayed");
    });

    test("X3: calls that are under way when Redis is killed are unavailable, not left hanging", async () => {
      const { codes } = temporaryStores(server);
      await codes.save(aCode());
      server.pause();
      const calls = concurrently(20, () => unavailableAfter(() => codes.save(aCode())));
      await server.kill();
      expect(await calls).toHaveLength(20);
      await server.start();
    });

    test("X3: what was noted of a user outlives a killed Redis, as the user's codes do", async () => {
      const { codes } = temporaryStores(server);
      const code = aCode();
      await codes.save(code);
      await codes.noteUserChange(code.tenantId, code.userId, later(now, minute));
      await server.kill();
      await unavailableAfter(() => codes.noteUserChange(code.tenantId, code.userId, later(now, minute)));
      await server.start();
      await recoveredAfter(() => codes.save(aCode()));
      expect(await codes.consume(code.tenantId, code.hash, now)).toMatchObject({ userMayHaveChanged: true });
    });

    test("Redis may be away when the stores are opened", async () => {
      await server.kill();
      const stores = temporaryStores(server, { deadlineMilliseconds: 500 });
      await unavailableAfter(() => stores.ready());
      await server.start();
      expect(await recoveredAfter(() => stores.ready())).toBeLessThan(5000);
    });

    test("Redis may refuse the credentials: an error says so, without them, and they may become right", async () => {
      const administrator = direct(server);
      await administrator.config("SET", "requirepass", "another password");
      const errors: string[] = [];
      const url = server.url.replace("//", "//:wrong-password@");
      const stores = temporaryStores(
        { url },
        { deadlineMilliseconds: 500, onError: (error) => errors.push(everythingOf(error)) },
      );
      await unavailableAfter(() => stores.ready());
      expect(errors.join()).toContain("WRONGPASS");
      expect(errors.join()).not.toContain("wrong-password");
      await administrator.config("SET", "requirepass", "wrong-password");
      await recoveredAfter(() => stores.ready());
      await administrator.config("SET", "requirepass", "");
    });

    test("stores that close let calls under way come to their end", async () => {
      const { codes, close } = temporaryStores(server);
      await codes.save(aCode());
      const saving = concurrently(20, () => codes.save(aCode()));
      await close();
      expect(await saving).toHaveLength(20);
    });

    test("stores close also while Redis is away", async () => {
      const stores = temporaryStores(server);
      await stores.ready();
      await server.kill();
      await stores.close();
      await unavailableAfter(() => stores.ready());
      await server.start();
    });
  });
});

describe("a Redis that is slow", () => {
  withRedisServer({}, (server) => {
    const deadlineMilliseconds = 400;

    test("X6: what takes shorter than the deadline succeeds", async () => {
      const { codes } = temporaryStores(server, { deadlineMilliseconds: 10_000 });
      const code = aCode();
      await codes.save(code);
      await direct(server).client("PAUSE", 500);
      expect((await codes.consume(code.tenantId, code.hash, now)).kind).toBe("consumed");
    });

    test("X6: what takes longer than the deadline is unavailable by then, and Redis is used again as soon as it answers", async () => {
      const { codes } = temporaryStores(server, { deadlineMilliseconds });
      await codes.save(aCode());
      const pauseMilliseconds = 2000;
      await direct(server).client("PAUSE", pauseMilliseconds);
      expect(await unavailableAfter(() => codes.save(aCode()))).toBeLessThan(pauseMilliseconds);
      expect(await recoveredAfter(() => codes.save(aCode()))).toBeLessThan(pauseMilliseconds + 5000);
    });

    test("X6: a Redis that stands still is unavailable by the deadline, also to whoever comes new, and is used again within 5 s", async () => {
      const options = { deadlineMilliseconds, prefix: aPrefix() };
      const { sessions } = temporaryStores(server, options);
      const session = aSession();
      await sessions.start(session);
      server.pause();
      onTestFinished(() => server.resume());
      const newcomer = temporaryStores(server, options);
      const find = () => sessions.find(session.tenantId, session.hash, now);
      for (const call of [find, find, () => newcomer.ready()]) {
        expect(await unavailableAfter(call)).toBeLessThan(5 * deadlineMilliseconds);
      }
      server.resume();
      expect(await recoveredAfter(find)).toBeLessThan(5000);
      expect(await recoveredAfter(() => newcomer.ready())).toBeLessThan(5000);
      expect(await find()).toStrictEqual(session);
    });

    test("X6: a connection that carries nothing any more is given up, and made anew", async () => {
      const proxy = await silentProxy(server.port);
      const { codes } = temporaryStores(proxy, { deadlineMilliseconds });
      await codes.save(aCode());
      proxy.swallow();
      await unavailableAfter(() => codes.save(aCode()));
      expect(await recoveredAfter(() => codes.save(aCode()))).toBeLessThan(5000);
    });

    test("X6: no more calls wait than may; one more is unavailable at once", async () => {
      const { codes } = temporaryStores(server, { deadlineMilliseconds: 10_000, maximumOutstanding: 10 });
      await codes.save(aCode());
      server.pause();
      onTestFinished(() => server.resume());
      const waiting = concurrently(10, () => codes.save(aCode()));
      await expect(codes.save(aCode())).rejects.toThrow("too many requests wait for the store");
      server.resume();
      expect(await waiting).toHaveLength(10);
      await codes.save(aCode());
    });

    test("X13: a call that its caller was told has failed for want of a connection is not made up for later", async () => {
      const { codes } = temporaryStores(server, { deadlineMilliseconds: 10_000 });
      const code = aCode();
      await codes.save(code);
      const administrator = direct(server);
      const id = await idOfOther(administrator);
      // Redis holds back what may write, and drops it with its connection.
      await administrator.client("PAUSE", 60_000, "WRITE");
      const consuming = unavailableAfter(() => codes.consume(code.tenantId, code.hash, now));
      await administrator.client("KILL", "ID", id);
      await consuming;
      await administrator.client("UNPAUSE");
      await recoveredAfter(() => codes.save(aCode()));
      expect((await codes.consume(code.tenantId, code.hash, now)).kind).toBe("consumed");
    });

    test("a short break of the connection is bridged", async () => {
      const { codes } = temporaryStores(server, { deadlineMilliseconds: 10_000 });
      const administrator = direct(server);
      await codes.save(aCode());
      const failures: number[] = [];
      for (let round = 0; round < 5; round++) {
        await administrator.client("KILL", "ID", await idOfOther(administrator));
        failures.push(await failuresUntilSuccess(() => codes.save(aCode())));
      }
      // The call that finds out that the connection is broken fails with it; the next one waits for the new one.
      expect(median(failures)).toBeLessThanOrEqual(1);
    });
  });
});

describe("a Redis that is full or empty", () => {
  withRedisServer({}, (server) => {
    test("X7: a full Redis takes nothing in and lets nothing go; what is read is still there", async () => {
      const { codes, sessions, interactions } = temporaryStores(server);
      const administrator = direct(server);
      // What earlier tests left would expire between the two counts of keys.
      await administrator.flushall();
      const [code, session, interaction] = [aCode(), aSession(), anInteraction()];
      await codes.save(code);
      await sessions.start(session);
      await interactions.save(interaction);
      const keys = await administrator.dbsize();

      await administrator.config("SET", "maxmemory", "1");
      onTestFinished(async () => {
        await administrator.config("SET", "maxmemory", "0");
      });
      await unavailableAfter(() => codes.save(aCode()));
      await unavailableAfter(() => codes.save(aCode({ tenantId: code.tenantId })));
      await unavailableAfter(() => codes.consume(code.tenantId, code.hash, now));
      await unavailableAfter(() => codes.noteUserChange(code.tenantId, code.userId, now));
      await unavailableAfter(() => sessions.start(aSession({ tenantId: session.tenantId }), session.hash));
      expect(await sessions.find(session.tenantId, session.hash, now)).toStrictEqual(session);
      expect(await interactions.find(interaction.tenantId, interaction.id, now)).toStrictEqual(interaction);
      expect(await interactions.finish(interaction.tenantId, interaction.id, now)).toStrictEqual(interaction);
      // Without the interaction, which was finished.
      expect(await administrator.dbsize()).toBe(keys - 1);

      await administrator.config("SET", "maxmemory", "0");
      expect((await codes.consume(code.tenantId, code.hash, now)).kind).toBe("consumed");
      await codes.save(aCode());
    });

    test("X5: an emptied Redis knows nothing any more, and goes on", async () => {
      const { codes, sessions } = temporaryStores(server);
      const [code, session] = [aCode(), aSession()];
      await codes.save(code);
      await sessions.start(session);
      // With the scripts that it was taught.
      await direct(server).flushall();
      await direct(server).script("FLUSH");
      expect(await codes.consume(code.tenantId, code.hash, now)).toStrictEqual({ kind: "unknown" });
      expect(await sessions.find(session.tenantId, session.hash, now)).toBeUndefined();
      await codes.save(code);
      expect((await codes.consume(code.tenantId, code.hash, now)).kind).toBe("consumed");
    });

    test("K7: neither an error nor what it was caused by tells what was to be stored", async () => {
      const { codes } = temporaryStores(server);
      const administrator = direct(server);
      const code = aCode({ nonce: "canary" });
      await administrator.config("SET", "maxmemory", "1");
      onTestFinished(async () => {
        await administrator.config("SET", "maxmemory", "0");
      });
      const error: unknown = await codes.save(code).catch((error: unknown) => error);
      expect(error).toMatchObject({ kind: "unavailable", cause: { message: expect.stringContaining("OOM") } });
      for (const told of ["canary", code.hash]) expect(everythingOf(error)).not.toContain(told);
    });
  });
});

/** The id of the only other connection: the stores'. */
async function idOfOther(administrator: ReturnType<typeof direct>): Promise<number> {
  const own = await administrator.client("ID");
  const connections = String(await administrator.client("LIST"));
  const ids = [...connections.matchAll(/^id=(\d+) .* name=signet /gm)].map(([, id]) => Number(id));
  const [id] = ids.filter((id) => id !== own).toSorted((one, other) => other - one);
  if (id === undefined) throw new Error("Redis has no other connection");
  return id;
}

/** All that a logger could make of an error. */
function everythingOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const members = Object.getOwnPropertyNames(error).map((name) => JSON.stringify(Reflect.get(error, name)));
  return [error.stack, ...members, everythingOf(error.cause)].join("\n");
}
