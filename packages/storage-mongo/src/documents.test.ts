import { type ClientId, type JsonObject, later } from "@signet/protocol";
import {
  aClientId,
  aConfidentialClient,
  aGrant,
  aKeyRing,
  aSigningKey,
  aTenant,
  aTenantId,
  aUser,
  minute,
  now,
} from "@signet/storage/contract/fixtures";
import { withMongoDB } from "@signet/test-servers/vitest";
import type { Document } from "mongodb";
import { expect, test } from "vitest";
import { driver, temporaryDatabases, temporaryStores } from "./testing/temporary-stores.ts";

withMongoDB((server) => {
  const database = temporaryDatabases(server)();
  const client = driver(server);
  const documents = (name: string) => client().db(database).collection<Document & { _id: string }>(name);

  test.each<JsonObject>([
    { "a.b": 1, $set: { $where: "1" }, "": "x", "$a.$b": { "c.d": ["$e"] } },
    { "nul\u0000inside": "\u0000", "💥": "\ud83d\udca5", constructor: 1, toString: null },
  ])("a user's claims and attributes may have any names: %j", async (members) => {
    const { users } = temporaryStores(server, { database });
    const user = aUser({ claims: members, attributes: members, roles: ["$role", "a.b"] });
    await users.create(user);
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
  });

  test("what looks like an operator is text like any other", async () => {
    const { users, administration } = temporaryStores(server, { database });
    const user = aUser({ username: '{"$gt":""}', collection: "$users" });
    await users.create(user);
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
    expect(await administration.findTokenHash()).toBeUndefined();
  });

  test("members that a newer version has added are ignored", async () => {
    const { users, clients, tenants, grants } = temporaryStores(server, { database });
    const [user, application, tenant, grant] = [aUser(), aConfidentialClient(), aTenant(), aGrant()];
    await users.create(user);
    await clients.create(application);
    await tenants.create(tenant);
    await grants.open(grant);
    for (const name of ["users", "clients", "tenants", "grants"]) {
      await documents(name).updateMany({}, { $set: { addedLater: { by: "a newer version" } } });
    }
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
    expect(await clients.find(application.tenantId, application.id)).toStrictEqual(application);
    expect(await tenants.findByName(tenant.name)).toStrictEqual(tenant);
    expect(await grants.find(grant.tenantId, grant.id, now)).toStrictEqual(grant);
  });

  test.each<[string, unknown]>([
    ["scopes", "openid"],
    ["scopes", ["openid", 1]],
    ["epoch", "0"],
    ["epoch", 1.5],
    ["revoked", 0],
    ["refresh", "none"],
    ["expiresAt", null],
    ["userId", { text: "" }],
  ])("a grant whose %s is %j is refused rather than believed", async (member, value) => {
    const { grants } = temporaryStores(server, { database });
    const grant = aGrant();
    await grants.open(grant);
    await documents("grants").updateOne({ _id: `${grant.tenantId}:${grant.id}` }, { $set: { [member]: value } });
    await expect(grants.find(grant.tenantId, grant.id, now)).rejects.toThrow(`the member ${member} does not hold`);
  });

  test.each<[string, unknown]>([
    ["consents", "all"],
    ["consents.CLIENT", ["openid"]],
    ["consents.CLIENT.allowed", "openid"],
    ["consents.CLIENT.allowed", [{ scope: "openid" }]],
  ])("where %s of a user is %j, it is refused rather than believed, or nothing is allowed", async (path, value) => {
    const { users, consents } = temporaryStores(server, { database });
    const [user, application] = [aUser(), aClientId()];
    await users.create(user);
    const filter = { _id: `${user.tenantId}:${user.id}` };
    await documents("users").updateOne(filter, { $set: { [path.replace("CLIENT", application)]: value } });
    const [found, together] = await Promise.allSettled([
      consents.find(user.tenantId, user.id, application),
      users.findWithConsent(user.tenantId, user.id, application),
    ]);
    if (found.status === "fulfilled") expect(found.value).toStrictEqual([]);
    if (together.status === "fulfilled") expect(together.value).toStrictEqual({ user, allowed: [] });
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
  });

  test("what no client can have as its id never becomes a part of a path", async () => {
    const { users, consents } = temporaryStores(server, { database });
    const user = aUser();
    await users.create(user);
    for (const client of ["", "epoch", "a.b", "$where", "__proto__", `${aClientId()}.allowed`, aClientId().toUpperCase()]) {
      const id = client as ClientId;
      await expect(consents.allow(user.tenantId, user.id, id, ["openid"], now)).rejects.toThrow("24 hex digits");
      await expect(consents.find(user.tenantId, user.id, id)).rejects.toThrow("24 hex digits");
      await expect(consents.deleteClient(user.tenantId, id)).rejects.toThrow("24 hex digits");
      await expect(users.findWithConsent(user.tenantId, user.id, id)).rejects.toThrow("24 hex digits");
    }
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
  });

  test("what users allowed is in their own documents, and reading users leaves it there", async () => {
    const { users, consents } = temporaryStores(server, { database });
    const [user, application, other] = [aUser(), aClientId(), aClientId()];
    const filter = { _id: `${user.tenantId}:${user.id}` };
    await users.create(user);
    const before = await documents("users").findOne(filter);
    await consents.allow(user.tenantId, user.id, application, ["openid"], now);
    await consents.allow(user.tenantId, user.id, other, ["email"], later(now, 1));
    expect(await documents("users").findOne(filter)).toStrictEqual({
      ...before,
      consents: {
        [application]: { allowed: ["openid"], allowedAt: now },
        [other]: { allowed: ["email"], allowedAt: later(now, 1) },
      },
      consentedClients: [`${user.tenantId}:${application}`, `${user.tenantId}:${other}`],
    });
    await consents.deleteClient(user.tenantId, other);
    expect(await documents("users").findOne(filter)).toStrictEqual({
      ...before,
      consents: { [application]: { allowed: ["openid"], allowedAt: now } },
      consentedClients: [`${user.tenantId}:${application}`],
    });
  });

  test("a deleted client is taken from each of very many users", async () => {
    const { consents } = temporaryStores(server, { database });
    const [tenant, application, other] = [aTenantId(), aClientId(), aClientId()];
    const consent = { allowed: ["openid"], allowedAt: now };
    const people = Array.from({ length: 450 }, (_, index) => ({
      _id: `${tenant}:${index}`,
      consents: { [application]: consent, [other]: consent },
      consentedClients: [`${tenant}:${application}`, `${tenant}:${other}`],
    }));
    await documents("users").insertMany(people);
    await consents.deleteClient(tenant, application);
    const left = await documents("users")
      .find({ _id: { $gt: `${tenant}:`, $lt: `${tenant};` } })
      .toArray();
    expect(left).toHaveLength(people.length);
    for (const document of left) {
      expect(document).toMatchObject({ consents: { [other]: consent }, consentedClients: [`${tenant}:${other}`] });
      expect(document).not.toHaveProperty(["consents", application]);
    }
  });

  test("a client whose metadata is no JSON object is refused rather than believed", async () => {
    const { clients } = temporaryStores(server, { database });
    const application = aConfidentialClient();
    await clients.create(application);
    const filter = { _id: `${application.tenantId}:${application.id}` };
    await documents("clients").updateOne(filter, { $set: { metadata: "[]" } });
    await expect(clients.find(application.tenantId, application.id)).rejects.toThrow("the JSON of an object");
  });

  test("an id that exists already is our own fault, and what it names stays", async () => {
    const { users, clients } = temporaryStores(server, { database });
    const [user, application] = [aUser(), aConfidentialClient()];
    await users.create(user);
    await clients.create(application);
    await expect(users.create(aUser({ id: user.id, tenantId: user.tenantId }))).rejects.toThrow("that id already");
    const double = aConfidentialClient({ id: application.id, tenantId: application.tenantId });
    await expect(clients.create(double)).rejects.toThrow("that id already");
    expect(await users.find(user.tenantId, user.id)).toStrictEqual(user);
    expect(await clients.find(application.tenantId, application.id)).toStrictEqual(application);
  });

  test("a deleted tenant leaves its id, its name and when, and nothing of its settings and its token", async () => {
    const { tenants } = temporaryStores(server, { database });
    const tenant = aTenant();
    await tenants.create(tenant);
    await tenants.delete(tenant, now);
    expect(await documents("tenants").findOne({ _id: tenant.id })).toStrictEqual({
      _id: tenant.id,
      name: `~${tenant.name}:${new Date(now).toISOString()}:${tenant.id}`,
      deletedName: tenant.name,
      deletedAt: new Date(now),
      finished: false,
    });
  });

  test("a revoked grant leaves a note, and nothing of the person or the tokens", async () => {
    const { grants } = temporaryStores(server, { database });
    const grant = aGrant();
    await grants.open(grant);
    await grants.revoke(grant.tenantId, grant.id, grant.expiresAt);
    expect(await documents("grants").findOne({ _id: `${grant.tenantId}:${grant.id}` })).toStrictEqual({
      _id: `${grant.tenantId}:${grant.id}`,
      revoked: true,
      deletedAt: new Date(grant.expiresAt),
    });
  });

  test("a signing key that a version before rotation stored signs on, and that version beside this one reads the one that signs", async () => {
    const { signingKeys } = temporaryStores(server, { database });
    const [tenantId, key, next] = [aTenantId(), aSigningKey(), aSigningKey({ activatesAt: later(now, minute) })];
    const { activatesAt: _activatesAt, ...stored } = key;
    const _id = `${tenantId}:ES256`;
    await documents("signing_keys").insertOne({ _id, tenantId, algorithm: "ES256", ...stored });
    const [ring] = await signingKeys.list(tenantId);
    if (ring === undefined) throw new Error("it was stored");
    expect(ring).toStrictEqual({ tenantId, algorithm: "ES256", keys: [key], version: 1, changedAt: now });
    expect(await signingKeys.establish(aKeyRing({ tenantId }))).toStrictEqual(ring);

    expect(await signingKeys.replace({ ...ring, keys: [key, next], version: 2 })).toBe(true);
    expect(await signingKeys.replace({ ...ring, keys: [next], version: 2 })).toBe(false);
    expect(await documents("signing_keys").findOne({ _id })).toMatchObject({ _id, tenantId, algorithm: "ES256", ...stored });
    expect((await signingKeys.list(tenantId))[0]?.keys).toStrictEqual([key, next]);
    const afterwards = { ...ring, keys: [key, next], version: 3, changedAt: later(now, minute) };
    expect(await signingKeys.replace(afterwards)).toBe(true);
    expect(await documents("signing_keys").findOne({ _id })).toMatchObject({ id: next.id, privateKey: next.privateKey });
  });
});
