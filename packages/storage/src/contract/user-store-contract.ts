import { later } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import type { StoredUser, UserStore } from "../user-store.ts";
import { aCompleteUser, anIdentifier, aTenantId, aUser, aUserId, concurrently, now, tally } from "./fixtures/index.ts";
import { pageContract } from "./page-contract.ts";

/** What every `UserStore` promises. `open` gives an empty one. */
export function userStoreContract(open: () => Promise<UserStore>): void {
  test("a created user is found by id and by each identifier, with all that it was created with", async () => {
    const users = await open();
    for (const user of [aUser(), aCompleteUser()]) {
      expect(await users.create(user)).toBe("created");
      expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
      for (const identifier of user.identifiers) {
        expect(await users.findByIdentifier(user.tenantId, user.collection, identifier)).toStrictEqual(user);
      }
    }
  });

  test("an id and an identifier that no user has find nothing", async () => {
    const users = await open();
    const user = aUser();
    await users.create(user);
    expect(await users.find(user.tenantId, aUserId())).toBeUndefined();
    expect(await users.findByIdentifier(user.tenantId, user.collection, anIdentifier())).toBeUndefined();
  });

  test("another tenant does not find, list, replace or delete a user", async () => {
    const users = await open();
    const user = aCompleteUser();
    const other = aTenantId();
    await users.create(user);
    expect(await users.find(other, user.id)).toBeUndefined();
    for (const identifier of user.identifiers) {
      expect(await users.findByIdentifier(other, user.collection, identifier)).toBeUndefined();
    }
    expect(await users.list(other, { limit: 10 })).toStrictEqual({ items: [] });
    expect(await users.replace({ ...changed(user), tenantId: other })).toBe("unknown");
    expect(await users.delete(other, user.id)).toBe(false);
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
  });

  test("another collection does not find a user by identifier", async () => {
    const users = await open();
    const user = aUser();
    await users.create(user);
    const [identifier] = identifiersOf(user);
    expect(await users.findByIdentifier(user.tenantId, "staff", identifier)).toBeUndefined();
  });

  test("of 100 concurrent calls that share an identifier exactly one creates the user", async () => {
    const users = await open();
    const tenantId = aTenantId();
    const shared = anIdentifier();
    const candidates = Array.from({ length: 100 }, () => aUser({ tenantId, identifiers: [anIdentifier(), shared] }));
    const results = await Promise.all(candidates.map((candidate) => users.create(candidate)));
    expect(tally(results)).toStrictEqual({ created: 1, "identifier-taken": 99 });
    expect(await users.findByIdentifier(tenantId, "users", shared)).toStrictEqual(candidates[results.indexOf("created")]);
  });

  test("a user who is refused for one identifier takes none of the others", async () => {
    const users = await open();
    const first = aUser();
    const free = anIdentifier();
    const refused = aUser({ tenantId: first.tenantId, identifiers: [free, ...first.identifiers] });
    await users.create(first);
    expect(await users.create(refused)).toBe("identifier-taken");
    expect(await users.find(refused.tenantId, refused.id)).toBeUndefined();
    expect(await users.findByIdentifier(first.tenantId, "users", free)).toBeUndefined();
    expect(await users.create(aUser({ tenantId: first.tenantId, identifiers: [free] }))).toBe("created");
  });

  test("users of other collections and tenants may have the same identifier", async () => {
    const users = await open();
    const user = aUser();
    const others = [
      aUser({ tenantId: user.tenantId, collection: "staff", identifiers: user.identifiers }),
      aUser({ identifiers: user.identifiers }),
    ];
    await users.create(user);
    for (const other of others) {
      expect(await users.create(other)).toBe("created");
      expect(await users.findByIdentifier(other.tenantId, other.collection, identifiersOf(user)[0])).toStrictEqual(other);
    }
  });

  test("a user may have an identifier twice, as a username that is the email address", async () => {
    const users = await open();
    const identifier = anIdentifier();
    const user = aUser({ identifiers: [identifier, identifier] });
    expect(await users.create(user)).toBe("created");
    expect((await users.findByIdentifier(user.tenantId, user.collection, identifier))?.id).toBe(user.id);
  });

  test("a replacement of the next version takes the place of the user", async () => {
    const users = await open();
    const user = aUser();
    await users.create(user);
    const replacement = aCompleteUser({ id: user.id, tenantId: user.tenantId, version: 2 });
    expect(await users.replace(replacement)).toBe("replaced");
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(replacement);
    const bare = { ...user, version: 3 };
    expect(await users.replace(bare)).toBe("replaced");
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(bare);
  });

  test("a replacement gives up the identifiers that it no longer has", async () => {
    const users = await open();
    const user = aUser();
    const [old] = identifiersOf(user);
    const replacement = { ...user, identifiers: [anIdentifier()], version: 2 };
    await users.create(user);
    await users.replace(replacement);
    expect(await users.findByIdentifier(user.tenantId, user.collection, old)).toBeUndefined();
    expect(await users.findByIdentifier(user.tenantId, user.collection, identifiersOf(replacement)[0])).toStrictEqual(
      replacement,
    );
    expect(await users.create(aUser({ tenantId: user.tenantId, identifiers: [old] }))).toBe("created");
  });

  test("a replacement may move the user to another collection", async () => {
    const users = await open();
    const user = aUser();
    const [identifier] = identifiersOf(user);
    const moved = { ...user, collection: "staff", version: 2 };
    await users.create(user);
    expect(await users.replace(moved)).toBe("replaced");
    expect(await users.findByIdentifier(user.tenantId, "users", identifier)).toBeUndefined();
    expect(await users.findByIdentifier(user.tenantId, "staff", identifier)).toStrictEqual(moved);
  });

  test("a replacement with another user's identifier is refused, and changes nothing", async () => {
    const users = await open();
    const other = aUser();
    const user = aUser({ tenantId: other.tenantId });
    await users.create(other);
    await users.create(user);
    const replacement = { ...changed(user), identifiers: [anIdentifier(), ...other.identifiers] };
    expect(await users.replace(replacement)).toBe("identifier-taken");
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
    expect(await users.findByIdentifier(user.tenantId, user.collection, identifiersOf(user)[0])).toStrictEqual(user);
    expect(await users.findByIdentifier(user.tenantId, user.collection, identifiersOf(replacement)[0])).toBeUndefined();
    expect(await users.findByIdentifier(other.tenantId, other.collection, identifiersOf(other)[0])).toStrictEqual(other);
  });

  test("of 20 users who change to one identifier at once exactly one gets it", async () => {
    const users = await open();
    const tenantId = aTenantId();
    const wanted = anIdentifier();
    const contenders = Array.from({ length: 20 }, () => aUser({ tenantId }));
    for (const contender of contenders) await users.create(contender);
    const results = await Promise.all(contenders.map((user) => users.replace({ ...user, identifiers: [wanted], version: 2 })));
    expect(tally(results)).toStrictEqual({ replaced: 1, "identifier-taken": 19 });
    const winner = contenders[results.indexOf("replaced")];
    expect((await users.findByIdentifier(tenantId, "users", wanted))?.id).toBe(winner?.id);
  });

  test.each([1, 3])(
    "a replacement of version %i is a conflict where version 1 is stored, and changes nothing",
    async (version) => {
      const users = await open();
      const user = aCompleteUser();
      await users.create(user);
      const replacement = { ...changed(user), identifiers: [anIdentifier()], version };
      expect(await users.replace(replacement)).toBe("conflict");
      expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
      expect(await users.findByIdentifier(user.tenantId, user.collection, identifiersOf(replacement)[0])).toBeUndefined();
    },
  );

  test("a replacement of a user who does not exist is unknown, and creates nothing", async () => {
    const users = await open();
    const user = aUser({ version: 2 });
    expect(await users.replace(user)).toBe("unknown");
    expect(await users.find(user.tenantId, user.id)).toBeUndefined();
    expect(await users.findByIdentifier(user.tenantId, user.collection, identifiersOf(user)[0])).toBeUndefined();
  });

  test("of 100 concurrent replacements of one version exactly one succeeds", async () => {
    const users = await open();
    const user = aUser();
    await users.create(user);
    const replacements = Array.from({ length: 100 }, (_, index) => ({ ...changed(user), roles: [`role-${index}`] }));
    const results = await Promise.all(replacements.map((replacement) => users.replace(replacement)));
    expect(tally(results)).toStrictEqual({ replaced: 1, conflict: 99 });
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(replacements[results.indexOf("replaced")]);
  });

  test("a deleted user is not found, and the identifiers are free", async () => {
    const users = await open();
    const user = aCompleteUser();
    await users.create(user);
    expect(await users.delete(user.tenantId, user.id)).toBe(true);
    expect(await users.find(user.tenantId, user.id)).toBeUndefined();
    for (const identifier of user.identifiers) {
      expect(await users.findByIdentifier(user.tenantId, user.collection, identifier)).toBeUndefined();
    }
    expect(await users.delete(user.tenantId, user.id)).toBe(false);
    expect(await users.create({ ...user, id: aUserId() })).toBe("created");
  });

  test("the deletion of a tenant deletes its users and no others", async () => {
    const users = await open();
    const user = aUser();
    const other = aUser({ identifiers: user.identifiers });
    await users.create(user);
    await users.create(other);
    await users.deleteTenant(user.tenantId);
    const [identifier] = identifiersOf(user);
    expect(await users.find(user.tenantId, user.id)).toBeUndefined();
    expect(await users.findByIdentifier(user.tenantId, user.collection, identifier)).toBeUndefined();
    expect(await users.list(user.tenantId, { limit: 10 })).toStrictEqual({ items: [] });
    expect(await users.findByIdentifier(other.tenantId, other.collection, identifier)).toStrictEqual(other);
    expect(await users.create({ ...user, id: aUserId() })).toBe("created");
  });

  describe("list", () => {
    pageContract<StoredUser>(async () => {
      const users = await open();
      const tenantId = aTenantId();
      await users.create(aUser());
      return {
        add: (count) =>
          concurrently(count, async () => {
            const user = aCompleteUser({ tenantId });
            await users.create(user);
            return user;
          }),
        remove: (user) => users.delete(tenantId, user.id),
        list: (page) => users.list(tenantId, page),
        key: (user) => user.id,
      };
    });
  });
}

function changed(user: StoredUser): StoredUser {
  return {
    ...user,
    roles: ["reader"],
    blocked: !user.blocked,
    epoch: user.epoch + 1,
    updatedAt: later(now, 1),
    version: user.version + 1,
  };
}

function identifiersOf(user: StoredUser) {
  const [first, ...others] = user.identifiers;
  if (first === undefined) throw new Error("the user was meant to have an identifier");
  return [first, ...others] as const;
}
