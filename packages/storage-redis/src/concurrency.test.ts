import { later, type SecretHash } from "@signet/protocol";
import type { StoredCode } from "@signet/storage";
import { aBoundCode, aCode, anInteraction, aSession, concurrently, now, tally } from "@signet/storage/contract/fixtures";
import { withRedis } from "@signet/test-servers/vitest";
import { expect, test } from "vitest";
import type { RedisStores } from "./redis-stores.ts";
import { aPrefix, temporaryStores } from "./testing/temporary-stores.ts";

withRedis((redis) => {
  /** The same stores, through four connections, as four replicas have them. */
  function replicas(): { readonly any: (index: number) => RedisStores } {
    const prefix = aPrefix();
    const opened = Array.from({ length: 4 }, () => temporaryStores(redis, { prefix }));
    const [first] = opened;
    if (first === undefined) throw new Error("there are four");
    return { any: (index) => opened[index % opened.length] ?? first };
  }

  test("C1: of 100 parallel calls over 4 connections exactly one consumes the code", async () => {
    const { any } = replicas();
    for (let round = 0; round < 10; round++) {
      const code = aBoundCode();
      await any(round).codes.save(code);
      const results = await concurrently(100, (index) => any(index).codes.consume(code.tenantId, code.hash, later(now, index)));
      expect(tally(results.map(({ kind }) => kind))).toStrictEqual({ consumed: 1, replayed: 99 });
      const moments = results.flatMap((result) => (result.kind === "replayed" ? [result.consumedAt] : []));
      expect(moments).toStrictEqual(
        Array.from({ length: 99 }, () =>
          later(
            now,
            results.findIndex(({ kind }) => kind === "consumed"),
          ),
        ),
      );
    }
  });

  test("of 100 parallel calls over 4 connections exactly one finishes the interaction", async () => {
    const { any } = replicas();
    const interaction = anInteraction();
    await any(0).interactions.save(interaction);
    const results = await concurrently(100, (index) => any(index).interactions.finish(interaction.tenantId, interaction.id, now));
    expect(results.filter((result) => result !== undefined)).toStrictEqual([interaction]);
  });

  test("a session that was there when a user's sessions were ended is not there afterwards, whoever starts others meanwhile", async () => {
    const { any } = replicas();
    const { tenantId, userId } = aSession();
    const started: SecretHash[] = [];
    const start = async (index: number) => {
      const session = aSession({ tenantId, userId });
      await any(index).sessions.start(session);
      started.push(session.hash);
    };
    await concurrently(100, start);
    const meanwhile = concurrently(100, start);
    const before = [...started];
    await any(1).sessions.endOfUser(tenantId, userId);
    expect(before).toHaveLength(100);
    for (const hash of before) expect(await any(2).sessions.find(tenantId, hash, now)).toBeUndefined();
    await meanwhile;
    await any(3).sessions.endOfUser(tenantId, userId);
    for (const hash of started) expect(await any(0).sessions.find(tenantId, hash, now)).toBeUndefined();
  });

  test("what was saved before a tenant was deleted is gone, whoever saves meanwhile; what is saved afterwards stays", async () => {
    const { any } = replicas();
    const { tenantId } = aCode();
    const saved: StoredCode[] = [];
    const save = async (index: number) => {
      const code = aCode({ tenantId });
      await any(index).codes.save(code);
      saved.push(code);
    };
    await concurrently(100, save);
    const meanwhile = concurrently(100, save);
    const before = [...saved];
    await any(1).codes.deleteTenant(tenantId);
    expect(before).toHaveLength(100);
    for (const { hash } of before) expect(await any(2).codes.consume(tenantId, hash, now)).toStrictEqual({ kind: "unknown" });
    await meanwhile;
    const after = aCode({ tenantId });
    await any(3).codes.save(after);
    expect((await any(0).codes.consume(tenantId, after.hash, now)).kind).toBe("consumed");
    for (const { hash } of before) expect(await any(2).codes.consume(tenantId, hash, now)).toStrictEqual({ kind: "unknown" });
  });
});
