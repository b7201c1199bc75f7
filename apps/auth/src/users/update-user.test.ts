import { auth } from "@signet/contracts";
import { newUserId } from "@signet/protocol";
import type { StoredUser } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { claims, create, update } from "../testing/administration.ts";
import { answer, Browser, started } from "../testing/browser.ts";
import { password, startAuth } from "../testing/running-auth.ts";
import { updateUser } from "./update-user.ts";

const invalid = { name: "ResourceError", kind: "invalid" };
const notFound = { name: "ResourceError", kind: "not_found" };
const taken = { name: "ResourceError", kind: "already_exists" };

describe("UpdateUser", () => {
  test("changes what is given and leaves the rest", async () => {
    const running = startAuth();
    const before = await create(running, {
      username: "ann",
      email: "ann@app.example",
      emailVerified: true,
      roles: { names: ["a"] },
      attributes: '{"x":1}',
    });
    running.advance(5000);
    const after = await update(running, before.id, { username: "anne", claims: '{"name":"Anne"}' });
    expect(after).toEqual({ ...before, username: "anne", claims: '{"name":"Anne"}', updatedAt: running.now() });
    expect((await running.auth.getUser({ tenant: "default", id: before.id })).user).toEqual(after);
  });

  test("a former username is free again", async () => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann" });
    await update(running, id, { username: "anne" });
    await create(running, { username: "ann" });
    await expect(update(running, id, { username: "Ann" })).rejects.toMatchObject(taken);
  });

  test("an empty email address takes it away, and a new one counts as not verified", async () => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann", email: "ann@app.example", emailVerified: true });
    expect(await update(running, id, { username: "anne" })).toMatchObject({ email: "ann@app.example", emailVerified: true });
    expect(await update(running, id, { email: "anne@app.example" })).toMatchObject({
      email: "anne@app.example",
      emailVerified: false,
    });
    expect(await update(running, id, { email: "ann@app.example", emailVerified: true })).toMatchObject({ emailVerified: true });
    expect(await update(running, id, { email: "" })).toMatchObject({ email: "", emailVerified: false });
    await expect(update(running, id, { emailVerified: true })).rejects.toMatchObject(invalid);
  });

  test("an unknown user is not found, and a wrong change is refused", async () => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann" });
    await expect(update(running, newUserId(running.dependencies.random), { blocked: true })).rejects.toMatchObject(notFound);
    await expect(update(running, id, { username: "a b" })).rejects.toMatchObject(invalid);
    await expect(update(running, id, { password: "short" })).rejects.toMatchObject(invalid);
  });

  test("concurrent changes of one user lose nothing", async () => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann" });
    await Promise.all([
      update(running, id, { claims: '{"name":"Ann"}' }),
      update(running, id, { roles: { names: ["admin"] } }),
      update(running, id, { attributes: '{"x":1}' }),
    ]);
    expect((await running.auth.getUser({ tenant: "default", id })).user).toMatchObject({
      claims: '{"name":"Ann"}',
      roles: ["admin"],
      attributes: '{"x":1}',
    });
  });

  test.each([
    ["a block", { blocked: true }, 1],
    ["a new password", { password: "another password" }, 1],
    ["other roles", { roles: { names: ["admin"] } }, 1],
    ["no roles", { roles: { names: [] } }, 1],
    ["another collection", { collection: "staff" }, 1],
    ["the same collection", { collection: "users" }, 0],
    ["the same roles in another order", { roles: { names: ["b", "a"] } }, 0],
    ["not blocking who is not blocked", { blocked: false }, 0],
    ["another name", { claims: '{"name":"Ann"}' }, 0],
    ["nothing", {}, 0],
    ["a block, a password and roles at once", { blocked: true, password: "another password", roles: { names: [] } }, 1],
  ])("%s: the epoch moves on by the right step", async (_what, change, step) => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann", roles: { names: ["a", "b"] } });
    const before = await claims(running, id);
    await update(running, id, change);
    expect((await claims(running, id)).epoch).toBe(before.epoch + step);
  });

  test("lifting a block does not raise the epoch, and the next block does", async () => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann" });
    const epochs: number[] = [];
    for (const blocked of [true, true, false, true]) {
      await update(running, id, { blocked });
      epochs.push((await claims(running, id)).epoch);
    }
    expect(epochs.map((epoch) => epoch - (epochs[0] ?? 0))).toEqual([0, 0, 0, 1]);
  });

  test.each([
    ["a block", { blocked: true }, true],
    ["a new password", { password: "another password" }, true],
    ["other roles", { roles: { names: ["admin"] } }, false],
    ["another name", { claims: '{"name":"Ann"}' }, false],
  ])("whether %s (%j) ends the user's sessions: %s", async (_what, change, ends) => {
    const running = startAuth();
    const { id } = await running.addUser();
    const browser = new Browser(running);
    await browser.complete(running.addClient());
    await update(running, id, change);
    if ("blocked" in change) await update(running, id, { blocked: false });
    const { user } = await running.auth.getSession({ tenant: "default", session: browser.session });
    expect(user === undefined).toBe(ends);
  });

  test.each([{ blocked: true }, { password: "another password" }])(
    "%j: no session is left where the process ends before the change has been answered",
    async (change) => {
      const running = startAuth();
      const { id } = await running.addUser();
      const browser = new Browser(running);
      await browser.complete(running.addClient());
      const { stores } = running;
      const replace = async (user: StoredUser): Promise<never> => {
        await stores.users.replace(user);
        throw new Error("the process ends here");
      };
      const ending = { ...running.dependencies, stores: { ...stores, users: { ...stores.users, replace } } };
      const user = auth.UserPatch.fromPartial(change);
      await expect(updateUser(running.tenant, { tenant: "default", id, user }, ending)).rejects.toThrow("the process ends here");
      await update(running, id, { blocked: false });
      expect((await running.auth.getSession({ tenant: "default", session: browser.session })).user).toBeUndefined();
    },
  );

  test("a new password takes the old one's place", async () => {
    const running = startAuth();
    const { id } = await running.addUser();
    await update(running, id, { password: "another password" });
    const browser = new Browser(running);
    const interaction = started(await browser.authorize(running.addClient()));
    expect((await browser.signIn(interaction, { password }))?.$case).toBe("rejected");
    expect((await browser.signIn(interaction, { password: "another password" }))?.$case).toBe("next");
  });
});

test("the epoch of a code is the user's when it was issued", async () => {
  const running = startAuth();
  const { id } = await running.addUser();
  const client = running.addClient();
  const browser = new Browser(running);
  await browser.complete(client);
  await update(running, id, { roles: { names: ["admin"] } });
  const { code } = answer(await browser.authorize(client));
  const { outcome } = await running.auth.redeemCode({
    tenant: "default",
    clientId: client.id,
    redirectUri: "https://app.example/cb",
    ...(code === undefined ? {} : { code }),
  });
  if (outcome?.$case !== "redeemed") throw new Error("the code was good");
  expect(outcome.value.epoch).toBe((await claims(running, id)).epoch);
});
