import { anIdentifier, aUser } from "@signet/storage/contract/fixtures";
import { withMongoDB } from "@signet/test-servers/vitest";
import type { Document } from "mongodb";
import { expect, test } from "vitest";
import { claimKey, claimMilliseconds } from "./identifier-claims.ts";
import { tenantKey } from "./keys.ts";
import { driver, temporaryDatabases, temporaryStores } from "./testing/temporary-stores.ts";

withMongoDB((server) => {
  const database = temporaryDatabases(server)();
  const client = driver(server);
  const users = () => client().db(database).collection<Document & { _id: string }>("users");
  const claims = () => client().db(database).collection<Document & { _id: string }>("user_identifiers");

  /** A user, and a claim of an identifier that the user does not have: what is left where a call broke off after it. */
  async function brokenOff({ age }: { readonly age: number }) {
    const { users: store } = temporaryStores(server, { database });
    const claimant = aUser();
    const identifier = anIdentifier();
    await store.create(claimant);
    const key = claimKey(claimant.tenantId, claimant.collection, identifier);
    const user = tenantKey(claimant.tenantId, claimant.id);
    await claims().insertOne({ _id: key, user, token: "of the call that broke off", claimedAt: Date.now() - age });
    const other = aUser({ tenantId: claimant.tenantId, identifiers: [identifier] });
    return { store, claimant, other, identifier, key };
  }

  test("an identifier that a call under way has claimed is taken", async () => {
    const { store, other } = await brokenOff({ age: 0 });
    expect(await store.create(other)).toBe("identifier-taken");
  });

  test("an identifier that nobody has is found for nobody, whoever claimed it", async () => {
    const { store, claimant, identifier } = await brokenOff({ age: 0 });
    expect(await store.findByIdentifier(claimant.tenantId, claimant.collection, identifier)).toBeUndefined();
  });

  test.each([claimMilliseconds + 1000, -claimMilliseconds - 60_000])(
    "an identifier that a call claimed %i ms ago and never used is free",
    async (age) => {
      const { store, other, identifier } = await brokenOff({ age });
      expect(await store.create(other)).toBe("created");
      expect((await store.findByIdentifier(other.tenantId, other.collection, identifier))?.id).toBe(other.id);
    },
  );

  test("a user may use what an earlier call claimed for the same user", async () => {
    const { store, claimant, identifier } = await brokenOff({ age: 0 });
    expect(await store.replace({ ...claimant, identifiers: [identifier], version: 2 })).toBe("replaced");
    expect((await store.findByIdentifier(claimant.tenantId, claimant.collection, identifier))?.id).toBe(claimant.id);
  });

  test("a slow call whose claim was taken over can no longer give the user the identifier", async () => {
    const { store, claimant, other, identifier } = await brokenOff({ age: claimMilliseconds + 1000 });
    const filter = { _id: tenantKey(claimant.tenantId, claimant.id) };
    const read = await users().findOne(filter);
    await store.create(other);
    // The last step of the slow call, as the store would take it.
    const last = await users().updateOne({ ...filter, revision: read?.revision }, { $set: { identifiers: [identifier] } });
    expect(last.matchedCount).toBe(0);
    // Nothing else became of the user.
    expect(await store.find(claimant.tenantId, claimant.id)).toStrictEqual(claimant);
    expect(await store.replace({ ...claimant, roles: ["reader"], version: 2 })).toBe("replaced");
  });

  test("a call that creates a user and breaks off leaves nobody to be seen, and keeps nobody from the identifier", async () => {
    const { users: store } = temporaryStores(server, { database });
    const user = aUser();
    const [identifier = anIdentifier()] = user.identifiers;
    await store.create(user);
    const filter = { _id: tenantKey(user.tenantId, user.id) };
    await users().updateOne(filter, { $set: { version: 0, identifiers: [] } });
    await claims().updateOne(
      { _id: claimKey(user.tenantId, user.collection, identifier) },
      { $set: { claimedAt: Date.now() - claimMilliseconds - 1000 } },
    );
    expect(await store.find(user.tenantId, user.id)).toBeUndefined();
    expect(await store.list(user.tenantId, { limit: 10 })).toStrictEqual({ items: [] });
    expect(await store.create(aUser({ tenantId: user.tenantId, identifiers: [identifier] }))).toBe("created");
    expect(await store.delete(user.tenantId, user.id)).toBe(false);
  });

  test("a claim of a user who is no more stands in nobody's way, however recent", async () => {
    const { store, claimant, other } = await brokenOff({ age: 0 });
    await users().deleteOne({ _id: tenantKey(claimant.tenantId, claimant.id) });
    expect(await store.create(other)).toBe("created");
  });

  test("whatever a call gives up or gives back leaves no claim behind", async () => {
    const { users: store } = temporaryStores(server, { database });
    const user = aUser({ identifiers: [anIdentifier(), anIdentifier()] });
    const other = aUser({ tenantId: user.tenantId });
    const ofTenant = { _id: new RegExp(`^${user.tenantId}:`) };
    await store.create(user);
    await store.create(other);
    const refused = [...other.identifiers, ...Array.from({ length: 3 }, () => anIdentifier())];
    expect(await store.replace({ ...user, identifiers: refused, version: 2 })).toBe("identifier-taken");
    expect(await store.create(aUser({ tenantId: user.tenantId, identifiers: refused }))).toBe("identifier-taken");
    expect(await claims().countDocuments(ofTenant)).toBe(3);
    await store.replace({ ...user, identifiers: [], version: 2 });
    expect(await claims().countDocuments(ofTenant)).toBe(1);
    await store.delete(other.tenantId, other.id);
    expect(await claims().countDocuments(ofTenant)).toBe(0);
  });

  test("no collection's name and identifier stand for those of another collection", async () => {
    const { users: store } = temporaryStores(server, { database });
    const user = aUser({ collection: 'a","b' });
    const [identifier = anIdentifier()] = user.identifiers;
    await store.create(user);
    for (const collection of ["a", "b", 'a","b"', "a,b", "a:b"]) {
      expect(await store.findByIdentifier(user.tenantId, collection, identifier)).toBeUndefined();
    }
    expect(await store.findByIdentifier(user.tenantId, user.collection, identifier)).toStrictEqual(user);
  });
});
