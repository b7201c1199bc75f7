import { hashSecret, newUserId } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { claims, create, update } from "../testing/administration.ts";
import { Browser, started } from "../testing/browser.ts";
import { startAuth } from "../testing/running-auth.ts";

const invalid = { name: "ResourceError", kind: "invalid" };
const notFound = { name: "ResourceError", kind: "not_found" };
const taken = { name: "ResourceError", kind: "already_exists" };

describe("CreateUser", () => {
  test("makes a user with what was given", async () => {
    const running = startAuth();
    const user = await create(running, {
      collection: "staff",
      username: "Ann",
      email: "Ann@App.example",
      emailVerified: true,
      claims: '{"name":"Ann Example","locale":"fr"}',
      roles: { names: ["admin", "editor", "admin"] },
      attributes: '{"customer":7}',
      blocked: true,
    });
    expect(user).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      collection: "staff",
      username: "Ann",
      email: "Ann@App.example",
      emailVerified: true,
      claims: '{"name":"Ann Example","locale":"fr"}',
      roles: ["admin", "editor"],
      attributes: '{"customer":7}',
      blocked: true,
      createdAt: running.now(),
      updatedAt: running.now(),
    });
    expect(await running.auth.getUser({ tenant: "default", id: user.id })).toEqual({ user });
  });

  test("makes a user of the collection users, without anything that was not given", async () => {
    const user = await create(startAuth(), { username: "ann" });
    expect(user).toMatchObject({
      collection: "users",
      email: "",
      emailVerified: false,
      claims: "{}",
      roles: [],
      attributes: "{}",
      blocked: false,
    });
  });

  test("a user with a password may sign in, one without may not", async () => {
    const running = startAuth();
    await create(running, { username: "ann", password: "new password" });
    await create(running, { username: "bob" });
    const browser = new Browser(running);
    const interaction = started(await browser.authorize(running.addClient()));
    expect((await browser.signIn(interaction, { username: "bob", password: "new password" }))?.$case).toBe("rejected");
    expect((await browser.signIn(interaction, { username: "ann", password: "new password" }))?.$case).toBe("next");
  });

  test.each([
    {},
    { username: "" },
    { username: "ann smith" },
    { username: "ann@app.example" },
    { username: "ann", email: "app.example" },
    { username: "ann", email: "ann\uff20app.example" },
    { username: "ann", emailVerified: true },
    { username: "ann", claims: "[]" },
    { username: "ann", claims: '{"email":"x"}' },
    { username: "ann", claims: '{"__proto__":{"blocked":true}}' },
    { username: "ann", attributes: '{"sub":"1"}' },
    { username: "ann", attributes: "{" },
    { username: "ann", roles: { names: ["x".repeat(129)] } },
    { username: "ann", collection: "a b" },
    { username: "ann", password: "short" },
    { username: "ann", password: "" },
    { username: "ann", password: "pass\tphrase" },
  ])("refuses %j", async (user) => {
    await expect(startAuth().auth.createUser({ tenant: "default", user })).rejects.toMatchObject(invalid);
  });

  test.each([
    ["the same username", { username: "ann" }],
    ["a username in another case", { username: "ANN" }],
    ["a username in other forms of its letters", { username: "ａｎｎ" }],
    ["the same email address", { username: "bob", email: "ann@app.example" }],
    ["an email address in another case", { username: "bob", email: "ANN@App.Example" }],
  ])("K6: refuses %s", async (_what, user) => {
    const running = startAuth();
    await create(running, { username: "ann", email: "ann@app.example" });
    await expect(create(running, user)).rejects.toMatchObject(taken);
  });

  test("K6: of 20 concurrent spellings of one name exactly one becomes a user", async () => {
    const running = startAuth();
    const spellings = Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? "Ann" : "ａnn"));
    const results = await Promise.allSettled(spellings.map((username) => create(running, { username })));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("another collection and another tenant may have the same username", async () => {
    const running = startAuth();
    running.addTenant("other");
    await create(running, { username: "ann" });
    await create(running, { username: "ann", collection: "staff" });
    await create(running, { username: "ann" }, "other");
  });
});

describe("GetUser and ListUsers", () => {
  test("no id but a user's finds one, and none of another tenant", async () => {
    const running = startAuth();
    running.addTenant("other");
    const { id } = await create(running, { username: "ann" });
    for (const request of [
      { tenant: "default", id: newUserId(running.dependencies.random) },
      { tenant: "default", id: "" },
      { tenant: "default", id: "x".repeat(1000) },
      { tenant: "other", id },
    ]) {
      await expect(running.auth.getUser(request)).rejects.toMatchObject(notFound);
    }
  });

  test("lists all users of the tenant in pages", async () => {
    const running = startAuth();
    running.addTenant("other");
    await create(running, { username: "stranger" }, "other");
    const ids: string[] = [];
    for (let count = 0; count < 5; count++) ids.push((await create(running, { username: `user${count}` })).id);
    const seen: string[] = [];
    let cursor = "";
    do {
      const page = await running.auth.listUsers({ tenant: "default", page: { limit: 2, cursor } });
      expect(page.users.length).toBeLessThanOrEqual(2);
      seen.push(...page.users.map(({ id }) => id));
      cursor = page.nextCursor;
    } while (cursor !== "");
    expect(seen).toEqual(ids.toSorted());
  });

  test("a page has 50 users where nothing else is said, and at most 200", async () => {
    const running = startAuth();
    for (let count = 0; count < 51; count++) await create(running, { username: `user${count}` });
    expect((await running.auth.listUsers({ tenant: "default" })).users).toHaveLength(50);
    expect((await running.auth.listUsers({ tenant: "default", page: { limit: 200 } })).users).toHaveLength(51);
    await expect(running.auth.listUsers({ tenant: "default", page: { limit: 201 } })).rejects.toMatchObject(invalid);
  });

  test.each([
    "x",
    "e30",
    Buffer.from("a' OR 1=1").toString("base64url"),
    Buffer.from("0".repeat(32)).toString("base64"),
    "!".repeat(43),
  ])("Q9: the forged cursor %s is refused", async (cursor) => {
    await expect(startAuth().auth.listUsers({ tenant: "default", page: { cursor } })).rejects.toMatchObject(invalid);
  });
});

describe("DeleteUser", () => {
  test("takes the user, their sessions and their consents away", async () => {
    const running = startAuth();
    const { id } = await running.addUser();
    const client = running.addClient();
    const browser = new Browser(running);
    await browser.complete(client);
    expect(await running.stores.consents.find(running.tenant.id, id, client.id)).toEqual(["openid"]);
    await running.auth.deleteUser({ tenant: "default", id });
    await expect(running.auth.getUser({ tenant: "default", id })).rejects.toMatchObject(notFound);
    await expect(claims(running, id)).rejects.toMatchObject(notFound);
    expect(await running.stores.sessions.find(running.tenant.id, hashSecret(browser.session), running.now())).toBeUndefined();
    expect(await running.stores.consents.find(running.tenant.id, id, client.id)).toEqual([]);
    await expect(running.auth.deleteUser({ tenant: "default", id })).rejects.toMatchObject(notFound);
  });

  test("another tenant's user is not found", async () => {
    const running = startAuth();
    running.addTenant("other");
    const { id } = await create(running, { username: "ann" });
    await expect(running.auth.deleteUser({ tenant: "other", id })).rejects.toMatchObject(notFound);
    await running.auth.getUser({ tenant: "default", id });
  });
});

describe("GetUserClaims", () => {
  test("gives the members asked for, whether the user is blocked, and the epoch", async () => {
    const running = startAuth();
    const { id } = await create(running, {
      username: "ann",
      email: "ann@app.example",
      claims: '{"name":"Ann","phone_number":"+33 1"}',
      roles: { names: ["admin"] },
      attributes: '{"customer":{"number":7}}',
    });
    expect(
      await claims(running, id, [
        "name",
        "email",
        "email_verified",
        "roles",
        "customer",
        "preferred_username",
        "updated_at",
        "nickname",
      ]),
    ).toEqual({
      blocked: false,
      epoch: 1,
      claims: {
        name: "Ann",
        email: "ann@app.example",
        email_verified: false,
        roles: ["admin"],
        customer: { number: 7 },
        preferred_username: "ann",
        updated_at: running.now() / 1000,
      },
    });
    await update(running, id, { blocked: true });
    expect(await claims(running, id)).toEqual({ blocked: true, epoch: 2, claims: {} });
  });

  test("F6: tells of a member of a collection that may no longer sign in as blocked, until it may again", async () => {
    const running = startAuth();
    const { id } = await create(running, { username: "ann" });
    const { tenant, registered } = running;
    registered.tenants.set("default", { ...tenant, settings: { ...tenant.settings, collection: "staff" } });
    expect(await claims(running, id)).toMatchObject({ blocked: true });
    registered.tenants.set("default", tenant);
    expect(await claims(running, id)).toMatchObject({ blocked: false });
  });

  test("an unknown user is not found", async () => {
    const running = startAuth();
    await expect(claims(running, newUserId(running.dependencies.random))).rejects.toMatchObject(notFound);
  });
});
