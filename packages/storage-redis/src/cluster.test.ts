import { testStores } from "@signet/storage/contract";
import { aCode, aSession, aTenantId, concurrently, now } from "@signet/storage/contract/fixtures";
import { withRedisServer } from "@signet/test-servers/vitest";
import { Redis } from "ioredis";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { direct, keysWith } from "./testing/direct.ts";
import { temporaryStores } from "./testing/temporary-stores.ts";

// A cluster of one node has all slots, and refuses steps over several slots as every other cluster does; also where a script touches a key that it did not name.
withRedisServer({ settings: ["--cluster-enabled", "yes"] }, (server) => {
  beforeAll(async () => {
    const administrator = new Redis(server.url);
    await administrator.cluster("ADDSLOTSRANGE", 0, 16383);
    await vi.waitUntil(async () => (await administrator.cluster("INFO")).includes("cluster_state:ok"), { timeout: 15_000 });
    administrator.disconnect();
  });

  test("the server refuses a step over several slots", async () => {
    await expect(direct(server).mget("{one}", "{another}")).rejects.toThrow("CROSSSLOT");
  });

  describe("all keys of one step are in one slot", () => {
    testStores(["sessions", "interactions", "codes", "accessTokens", "replays", "changes", "rateLimits", "refusals"], async () =>
      temporaryStores(server),
    );
  });

  test("all keys of one step are in one slot, also where a user has many sessions", async () => {
    const { sessions } = temporaryStores(server);
    const { tenantId, userId } = aSession();
    const started = Array.from({ length: 1200 }, () => aSession({ tenantId, userId }));
    await Promise.all(started.map((session) => sessions.start(session)));
    await sessions.endOfUser(tenantId, userId);
    const found = await Promise.all(started.map(({ hash }) => sessions.find(tenantId, hash, now)));
    expect(found.filter((session) => session !== undefined)).toStrictEqual([]);
  });

  test("the codes of one tenant are spread over the slots", async () => {
    const prefix = "spread";
    const { codes } = temporaryStores(server, { prefix });
    const tenantId = aTenantId();
    await concurrently(200, () => codes.save(aCode({ tenantId })));
    const administrator = direct(server);
    const slots = await Promise.all((await keysWith(administrator, prefix)).map((key) => administrator.cluster("KEYSLOT", key)));
    expect(new Set(slots).size).toBe(16);
  });
});
