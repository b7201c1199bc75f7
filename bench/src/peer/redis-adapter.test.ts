import { withRedisServer } from "@signet/test-servers/vitest";
import { Redis } from "ioredis";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { testAdapters } from "./contract/adapters.ts";
import { redisAdapters } from "./redis-adapter.ts";

withRedisServer({}, (server) => {
  const open = () => {
    const { adapterOf, close } = redisAdapters(server.url);
    onTestFinished(close);
    return adapterOf;
  };
  const direct = () => {
    const client = new Redis(server.url);
    onTestFinished(() => client.disconnect());
    return client;
  };
  beforeEach(async () => {
    await direct().flushall();
  });

  testAdapters(open);

  describe("keys", () => {
    test.each(["AuthorizationCode", "AccessToken", "Session"])(
      "of the model %s expire, and so do their indexes",
      async (model) => {
        await open()(model).upsert("id", { grantId: "g", uid: "u" }, 60);
        const client = direct();
        const keys = await client.keys("*");
        expect(keys.length).toBeGreaterThan(1);
        for (const key of keys) expect(await client.ttl(key)).toBeGreaterThan(50);
      },
    );

    test("a grant's index lives as long as the longest of its members, whatever their order", async () => {
      const adapterOf = open();
      await adapterOf("RefreshToken").upsert("long", { grantId: "g" }, 600);
      await adapterOf("AuthorizationCode").upsert("short", { grantId: "g" }, 60);
      expect(await direct().ttl("grant:g")).toBeGreaterThan(500);
    });
  });
});
