import { administer, createTenant, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { askAdministration, resultOf } from "./administration-request.ts";
import { type ApiReply, type ApiRequest, expectError } from "./api-request.ts";

let signet: Signet;
let name: string;
let count = 0;
beforeAll(async () => {
  signet = await startSignet();
});
afterAll(() => signet.stop());
beforeEach(async () => {
  count += 1;
  name = `peoples-workplace-${count}`;
  await createTenant(signet, name);
});

/** A request about the users of the test's own workplace. */
function ask(method: string, path = "", request: Omit<ApiRequest, "method"> = {}): Promise<ApiReply> {
  return askAdministration(signet, method, `/${name}/users${path}`, request);
}

async function created(body: object): Promise<Readonly<Record<string, unknown>>> {
  return resultOf(await ask("POST", "", { body }));
}

const password = "correct horse battery staple";
const alice = {
  username: "alice",
  email: "alice@acme.example",
  email_verified: true,
  claims: { name: "Alice Liddell", address: { locality: "Oxford" }, phone_number_verified: false },
  roles: ["staff", "admin"],
  attributes: { desk: 7, keys: ["a", { b: null }] },
};

describe("users", () => {
  test("are created with what was sent, the defaults, and no password shown", async () => {
    expect(await created({ ...alice, password })).toStrictEqual({
      id: expect.stringMatching(/^[0-9a-f]{32}$/),
      collection: "users",
      ...alice,
      blocked: false,
      created_at: expect.any(Number),
      updated_at: expect.any(Number),
    });
    expect(await created({ username: "bob" })).toMatchObject({
      username: "bob",
      email: "",
      email_verified: false,
      claims: {},
      roles: [],
      attributes: {},
    });
  });

  test("are read, listed and deleted", async () => {
    const user = await created({ ...alice, password });
    expect(resultOf(await ask("GET", `/${user.id}`))).toStrictEqual(user);
    expect(resultOf(await ask("GET"))).toStrictEqual([user]);
    expect((await ask("DELETE", `/${user.id}`)).text).toBe('{"result":true}');
    for (const method of ["GET", "DELETE", "PATCH"]) {
      expectError(await ask(method, `/${user.id}`, method === "PATCH" ? { body: {} } : {}), 404, 1002);
    }
    expect(resultOf(await ask("GET"))).toStrictEqual([]);
  });

  test("change in those members that are sent, objects and lists as a whole", async () => {
    const user = await created({ ...alice, password });
    const change = { blocked: true, roles: [], claims: { name: "Alice" }, attributes: {} };
    const changed = resultOf(await ask("PATCH", `/${user.id}`, { body: change }));
    expect(changed).toStrictEqual({ ...user, ...change, updated_at: expect.any(Number) });
    expect(resultOf(await ask("GET", `/${user.id}`))).toStrictEqual(changed);
    expect(resultOf(await ask("PATCH", `/${user.id}`, { body: {} }))).toStrictEqual({
      ...changed,
      updated_at: expect.any(Number),
    });
  });

  test("lose their email address by an empty one, and a new one is not verified", async () => {
    const user = await created(alice);
    const other = { email: "other@acme.example" };
    expect(resultOf(await ask("PATCH", `/${user.id}`, { body: other }))).toMatchObject({ ...other, email_verified: false });
    expect(resultOf(await ask("PATCH", `/${user.id}`, { body: { email: "" } }))).toMatchObject({
      email: "",
      email_verified: false,
    });
  });

  test("ignore what nobody may set", async () => {
    const user = await created({ ...alice, id: "0".repeat(32), created_at: 1, updated_at: 1, epoch: 9, password_hash: "x" });
    expect(user.id).not.toBe("0".repeat(32));
    expect(user.created_at).not.toBe(1);
    expect(Object.keys(user)).not.toContain("epoch");
  });

  test("of other workplaces are as unknown as any", async () => {
    const user = await created(alice);
    await createTenant(signet, `${name}-other`);
    for (const method of ["GET", "DELETE", "PATCH"]) {
      const request = method === "PATCH" ? { body: { blocked: true } } : {};
      expectError(await askAdministration(signet, method, `/${name}-other/users/${user.id}`, request), 404, 1002);
    }
    expect(resultOf(await ask("GET", `/${user.id}`))).toStrictEqual(user);
  });

  test("of a workplace that does not exist are not there", async () => {
    for (const workplace of ["nowhere", "Not-A-Name", "%00"]) {
      expectError(await askAdministration(signet, "GET", `/${workplace}/users`), 404, 1002);
      expectError(await askAdministration(signet, "POST", `/${workplace}/users`, { body: alice }), 404, 1002);
    }
  });

  test.each(["x", "%00", "..", "0".repeat(31), "A".repeat(32), "%7B%22%24ne%22%3A1%7D"])(
    "%s is no user's id: 404",
    async (id) => {
      expectError(await ask("GET", `/${id}`), 404, 1002);
    },
  );
});

describe("K6: no two users of a collection share a name or an address", () => {
  const taken: [string, object][] = [
    ["the username", { username: "alice" }],
    ["the username in another case", { username: "ALICE" }],
    ["the username in full width", { username: "ａｌｉｃｅ" }],
    ["the email address in another case", { username: "other", email: "Alice@ACME.example" }],
  ];
  test.each(taken)("%s: 1003", async (_name, body) => {
    await created(alice);
    expectError(await ask("POST", "", { body }), 409, 1003);
    const other = await created({ username: "someone" });
    expectError(await ask("PATCH", `/${other.id}`, { body }), 409, 1003);
  });

  test("in another collection they may", async () => {
    await created(alice);
    expect(await created({ ...alice, collection: "customers" })).toMatchObject({ collection: "customers" });
  });

  test("of a hundred at the same time one gets the name", async () => {
    const replies = await Promise.all(Array.from({ length: 100 }, () => ask("POST", "", { body: { username: "contended" } })));
    expect(replies.filter(({ status }) => status === 200)).toHaveLength(1);
    expect(replies.filter(({ status }) => status === 409)).toHaveLength(99);
  });
});

describe("what a user cannot be", () => {
  const wrong: [string, object][] = [
    ["no username", { username: undefined }],
    ["an empty username", { username: "" }],
    ["a username with @", { username: "a@b" }],
    ["a username with a space", { username: "a b" }],
    ["a username with a NUL", { username: "a\u0000" }],
    ["a username with something invisible", { username: "a\u200bb" }],
    ["a username of 129 characters", { username: "long-".repeat(26) }],
    ["Q2: an operator for a username", { username: { $ne: null } }],
    ["no email address", { email: "alice" }],
    ["two email addresses", { email: "a@b.example,c@d.example" }],
    ["K6: a look-alike of the at sign", { email: "alice＠acme.example" }],
    ["a text for a flag", { blocked: "yes" }],
    ["a text for roles", { roles: "admin" }],
    ["a number for a role", { roles: [1] }],
    ["101 roles", { roles: Array.from({ length: 101 }, (_, i) => `role-${i}`) }],
    ["a claim that is not standard", { claims: { shoe_size: 44 } }],
    ["a claim of another type", { claims: { name: 1 } }],
    ["a claim that is the provider's", { claims: { sub: "x" } }],
    ["a list for claims", { claims: [] }],
    ["a script for a picture", { claims: { picture: "javascript:alert(1)" } }],
    ["an attribute that is the provider's claim", { attributes: { iss: "x" } }],
    ["an attribute that is a standard claim", { attributes: { email: "x" } }],
    ["Q3: an attribute of every object", { attributes: { toString: 1 } }],
    ["attributes of more than 16 KiB", { attributes: { a: "a".repeat(17_000) } }],
    ["a short password", { password: "1234567" }],
    ["a long password", { password: "a".repeat(1025) }],
    ["no text for a password", { password: 12345678 }],
    ["a collection that is no name", { collection: "a/b" }],
  ];
  test.each(wrong)("%s: 1004", async (_name, members) => {
    expectError(await ask("POST", "", { body: { username: "carol", ...members } }), 400, 1004);
    expect(resultOf(await ask("GET"))).toStrictEqual([]);
    if ("username" in members && members.username === undefined) return;
    const user = await created({ username: "dave" });
    expectError(await ask("PATCH", `/${user.id}`, { body: members }), 400, 1004);
    expect(resultOf(await ask("GET", `/${user.id}`))).toStrictEqual(user);
  });
});

test("half a character is no text in any body: 1000", async () => {
  expectError(await ask("POST", "", { body: { username: "\ud800" } }), 400, 1000);
});

describe("pages", () => {
  test("lead through all users, each once, in the order of their ids", async () => {
    for (let i = 0; i < 5; i++) await created({ username: `user-${i}` });
    const ids: unknown[] = [];
    const sizes: number[] = [];
    let cursor = "";
    do {
      const reply = await ask("GET", `?limit=2&cursor=${encodeURIComponent(cursor)}`);
      const page: { result: { id: string }[]; next_cursor: string } = JSON.parse(reply.text);
      ids.push(...page.result.map(({ id }) => id));
      sizes.push(page.result.length);
      cursor = page.next_cursor;
    } while (cursor !== "");
    expect(sizes).toStrictEqual([2, 2, 1]);
    expect(ids).toStrictEqual([...new Set(ids)].sort());
    expect(ids).toHaveLength(5);
  });

  test("have 50 items where no limit is sent", async () => {
    await Promise.all(Array.from({ length: 51 }, (_, i) => created({ username: `user-${i}` })));
    const reply = await ask("GET");
    expect(resultOf(reply)).toHaveLength(50);
    expect(resultOf(await ask("GET", `?cursor=${JSON.parse(reply.text).next_cursor}`))).toHaveLength(1);
    expect(resultOf(await ask("GET", "?limit=200"))).toHaveLength(51);
  });

  test("of workplaces as well", async () => {
    const first = await askAdministration(signet, "GET", "?limit=1");
    expect(resultOf(first)).toHaveLength(1);
    const second = await askAdministration(signet, "GET", `?limit=1&cursor=${JSON.parse(first.text).next_cursor}`);
    expect(resultOf(second)).toHaveLength(1);
    expect(resultOf(second)).not.toStrictEqual(resultOf(first));
  });

  test.each(["limit=0", "limit=201", "limit=x", "limit=-1"])("%s: 1004", async (query) => {
    expectError(await ask("GET", `?${query}`), 400, 1004, "limit must be a whole number from 1 to 200");
    expectError(await askAdministration(signet, "GET", `?${query}`), 400, 1004);
  });

  test.each(["limit=", "limit=1&limit=1", "cursor=a&cursor=b", "cursor=%00", "cursor=%ff"])("Q1, Q8: %s: 1000", async (query) => {
    expectError(await ask("GET", `?${query}`), 400, 1000);
    expectError(await askAdministration(signet, "GET", `?${query}`), 400, 1000);
  });

  test("Q9: a forged cursor, or another list's: 1004", async () => {
    await administer(signet, "POST", "", { name: `${name}-b` });
    const { next_cursor } = JSON.parse((await askAdministration(signet, "GET", "?limit=1")).text);
    for (const cursor of ["x", "e30", "a".repeat(513), "a".repeat(5000), next_cursor]) {
      expectError(await ask("GET", `?cursor=${cursor}`), 400, 1004, expect.stringContaining("cursor"));
    }
    expectError(await askAdministration(signet, "GET", "?cursor=e30"), 400, 1004, expect.stringContaining("cursor"));
  });
});
