import { randomBytes } from "node:crypto";
import { auth } from "@signet/contracts";
import { hashDatedSecret } from "@signet/protocol";
import type { StoredUser } from "@signet/storage";
import { openRedisStores, type RedisStores } from "@signet/storage-redis";
import { withRedis, withRedisServer } from "@signet/test-servers/vitest";
import { describe, expect, onTestFinished, test } from "vitest";
import { update } from "../testing/administration.ts";
import { Browser } from "../testing/browser.ts";
import { type RunningAuth, startAuth } from "../testing/running-auth.ts";
import { deleteUser } from "./delete-user.ts";
import { updateUser } from "./update-user.ts";

const redirectUri = "https://app.example/cb";
const invalidGrant = { name: "OAuthError", code: "invalid_grant" };
const unavailable = { name: "ResourceError", kind: "unavailable" };

/** Somebody who was issued a code, with codes in Redis: there it is noted who changes, and nobody else is read. */
async function startWithCode({ url }: { readonly url: string }) {
  const { codes } = temporaryRedis(url);
  const running = startAuth({ stores: { codes } });
  const user = await running.addUser();
  const client = running.addClient();
  const { code = "" } = await new Browser(running).complete(client);
  const redeem = () => running.auth.redeemCode({ tenant: "default", code, clientId: client.id, redirectUri });
  return { running, user, redeem };
}

function temporaryRedis(url: string): RedisStores {
  const stores = openRedisStores({ url, prefix: `test-${randomBytes(8).toString("hex")}` });
  onTestFinished(() => stores.close());
  return stores;
}

type ByName = readonly [name: string, change: (running: RunningAuth, id: string) => Promise<unknown>];
const changes: readonly ByName[] = [
  ["blocked", (running, id) => update(running, id, { blocked: true })],
  [
    "blocked and unblocked",
    (running, id) => update(running, id, { blocked: true }).then(() => update(running, id, { blocked: false })),
  ],
  ["given a new password", (running, id) => update(running, id, { password: "another password" })],
  ["given other roles", (running, id) => update(running, id, { roles: { names: ["auditor"] } })],
  ["moved to another collection", (running, id) => update(running, id, { collection: "staff" })],
  ["deleted", ({ auth: service }, id) => service.deleteUser({ tenant: "default", id })],
];

withRedis((redis) => {
  describe("a code of a user who since was", () => {
    test.each(changes)("%s is invalid_grant", async (_name, change) => {
      const { running, user, redeem } = await startWithCode(redis);
      await change(running, user.id);
      await expect(redeem()).rejects.toMatchObject(invalidGrant);
    });

    test.each(changes)("%s is invalid_grant in the last moment of its life", async (_name, change) => {
      const { running, user, redeem } = await startWithCode(redis);
      await change(running, user.id);
      running.advance(59_999);
      await expect(redeem()).rejects.toMatchObject(invalidGrant);
    });
  });

  test("a user of whom no change was noted is not read when a code is redeemed", async () => {
    const { running, user, redeem } = await startWithCode(redis);
    // Behind the use case's back: to read the user would be to refuse the code.
    expect(await running.stores.users.delete(running.tenant.id, user.id)).toBe(true);
    expect((await redeem()).outcome?.$case).toBe("redeemed");
  });

  test("a change that ends no codes is not noted", async () => {
    const { running, user, redeem } = await startWithCode(redis);
    await update(running, user.id, { username: "anne", claims: '{"name":"Anne"}', blocked: false });
    expect(await running.stores.users.delete(running.tenant.id, user.id)).toBe(true);
    expect((await redeem()).outcome?.$case).toBe("redeemed");
  });

  test("a change that was made already is noted again: its first attempt may have been left without an answer", async () => {
    const { running, user, redeem } = await startWithCode(redis);
    expect(await running.stores.users.replace({ ...user, blocked: true, epoch: user.epoch + 1, version: 2 })).toBe("replaced");
    await update(running, user.id, { blocked: true });
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
  });

  test("a code is invalid_grant once another collection may sign in, though nothing was noted", async () => {
    const { running, redeem } = await startWithCode(redis);
    const { registered, tenant } = running;
    registered.tenants.set(tenant.name, { ...tenant, settings: { ...tenant.settings, collection: "staff" } });
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
  });

  test("a code that was issued after the change is good", async () => {
    const { running, user } = await startWithCode(redis);
    await update(running, user.id, { roles: { names: ["auditor"] } });
    const client = running.addClient();
    const { code = "" } = await new Browser(running).complete(client);
    const { outcome } = await running.auth.redeemCode({ tenant: "default", code, clientId: client.id, redirectUri });
    expect(outcome?.$case).toBe("redeemed");
  });

  test("a change is noted before it is written, and one that is not written ends no code", async () => {
    const { running, user, redeem } = await startWithCode(redis);
    const { tenant, stores } = running;
    const written: unknown[] = [];
    const fail = async (): Promise<never> => {
      const { code = "" } = await new Browser(running).complete(running.addClient());
      written.push(await stores.codes.consume(tenant.id, hashDatedSecret(code), running.now()));
      throw new Error("the database is away");
    };
    const users = { ...stores.users, replace: fail, delete: fail };
    const dependencies = { ...running.dependencies, stores: { ...stores, users } };
    const named = { tenant: tenant.name, id: user.id };
    const patch = auth.UserPatch.fromPartial({ blocked: true });
    await expect(updateUser(tenant, { ...named, user: patch }, dependencies)).rejects.toThrow("the database is away");
    await expect(deleteUser(tenant, named, dependencies)).rejects.toThrow("the database is away");
    expect(written).toMatchObject([{ userMayHaveChanged: true }, { userMayHaveChanged: true }]);
    expect((await redeem()).outcome?.$case).toBe("redeemed");
  });

  test("a note is made anew for each attempt to write the change", async () => {
    const { running, user, redeem } = await startWithCode(redis);
    const { tenant, stores } = running;
    const issued: string[] = [];
    const client = running.addClient();
    // Somebody else changes the user while this goes on, for longer than a note is kept.
    const replace = async (after: StoredUser) => {
      if (issued.length > 0) return await stores.users.replace(after);
      running.advance(180_000);
      issued.push((await new Browser(running).complete(client)).code ?? "");
      return "conflict" as const;
    };
    const dependencies = { ...running.dependencies, stores: { ...stores, users: { ...stores.users, replace } } };
    const patch = auth.UserPatch.fromPartial({ roles: { names: ["auditor"] } });
    await updateUser(tenant, { tenant: tenant.name, id: user.id, user: patch }, dependencies);
    const [code = ""] = issued;
    const redemption = running.auth.redeemCode({ tenant: tenant.name, code, clientId: client.id, redirectUri });
    await expect(redemption).rejects.toMatchObject(invalidGrant);
    await expect(redeem()).rejects.toMatchObject(invalidGrant);
  });

  test("of 50 codes that are redeemed while their user is blocked, none is good once the block was acknowledged", async () => {
    const { running, user } = await startWithCode(redis);
    const client = running.addClient();
    const browser = new Browser(running);
    const codes: string[] = [];
    while (codes.length < 50) codes.push((await browser.complete(client)).code ?? "");
    const redeem = (code: string) =>
      running.auth.redeemCode({ tenant: "default", code, clientId: client.id, redirectUri }).then(
        () => "redeemed",
        () => "refused",
      );
    const meanwhile = codes.slice(0, 25).map(redeem);
    await update(running, user.id, { blocked: true });
    const afterwards = await Promise.all(codes.slice(25).map(redeem));
    expect(new Set(afterwards)).toEqual(new Set(["refused"]));
    expect(await Promise.all(meanwhile)).toHaveLength(25);
  });
});

describe("while Redis is away", () => {
  withRedisServer({}, (server) => {
    test.each(changes)("nobody can be %s, and who was to be stays as they were", async (_name, change) => {
      const { running, user } = await startWithCode(server);
      await server.kill();
      onTestFinished(() => server.start());
      await expect(change(running, user.id)).rejects.toMatchObject(unavailable);
      expect(await running.stores.users.find(running.tenant.id, user.id)).toEqual(user);
    });

    test("what ends no codes can be changed", async () => {
      const { running, user } = await startWithCode(server);
      await server.kill();
      onTestFinished(() => server.start());
      expect(await update(running, user.id, { username: "anne" })).toMatchObject({ username: "anne" });
    });
  });
});
