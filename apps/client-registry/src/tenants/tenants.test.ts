import { hashSecret, ResourceError, type TenantId, type TenantName } from "@signet/protocol";
import type { Change } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { errorOf, openRegistry, redirectUris } from "../testing/open-registry.ts";

const kind = (kind: ResourceError["kind"]) => expect.objectContaining({ name: "ResourceError", kind });

describe("CreateTenant", () => {
  test("gives a tenant with the defaults, and its registration token", async () => {
    const { client, time } = openRegistry();
    const { tenant, registrationToken } = await client.createTenant({ name: "acme" });
    expect(tenant).toEqual({
      id: expect.stringMatching(/^[0-9a-f]{16}$/),
      name: "acme",
      settings: {
        collection: "users",
        tokenTimeout: 3_600_000,
        idTokenTimeout: 3_600_000,
        refreshTimeout: 2_592_000_000,
        sessionTimeout: 86_400_000,
        refreshTokens: 1,
      },
      branding: { name: "acme", logoUri: undefined, accentColor: undefined, welcomeText: undefined },
      createdAt: time.now,
    });
    expect(registrationToken).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect((await client.getTenant({ name: "acme" })).tenant).toEqual(tenant);
  });

  test("takes what the patch says instead", async () => {
    const { client } = openRegistry();
    const settings = { collection: "staff", tokenTimeout: 60_000, refreshTokens: 2 } as const;
    const branding = { name: "Acme", accentColor: "#0a0b0c" };
    const { tenant } = await client.createTenant({ name: "acme", patch: { ...settings, branding } });
    expect(tenant).toMatchObject({ settings, branding });
  });

  test.each(["", "Acme", "a_b", "-a", "a-", "a/b", "..", "a".repeat(64), "oauth2", "v1", "console", ".well-known", "ä"])(
    "refuses the name %j",
    async (name) => {
      await expect(openRegistry().client.createTenant({ name })).rejects.toEqual(kind("invalid"));
    },
  );

  test.each([
    { tokenTimeout: 1 },
    { collection: "a b" },
    { branding: { logoUri: "javascript:alert(1)" } },
    { registrationToken: "short" },
  ])("refuses the patch %j and creates nothing", async (patch) => {
    const { client } = openRegistry();
    await expect(client.createTenant({ name: "acme", patch })).rejects.toEqual(kind("invalid"));
    await expect(client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
  });

  test("gives a name to one of 20 that ask for it at once", async () => {
    const { client } = openRegistry();
    const results = await Promise.allSettled(Array.from({ length: 20 }, () => client.createTenant({ name: "acme" })));
    const [created, ...others] = results.toSorted((one) => (one.status === "fulfilled" ? -1 : 1));
    expect(created?.status).toBe("fulfilled");
    expect(others).toEqual(Array.from({ length: 19 }, () => ({ status: "rejected", reason: kind("already_exists") })));
  });
});

describe("UpdateTenant", () => {
  test("G1: changes what the patch names; the rest stays as it is", async () => {
    const { client } = openRegistry();
    const before = await client.createTenant({
      name: "acme",
      patch: { collection: "staff", refreshTokens: 2, branding: { name: "Acme", welcomeText: "Hello" } },
    });
    const { tenant } = await client.updateTenant({
      name: "acme",
      patch: { sessionTimeout: 60_000, branding: { accentColor: "#123456" } },
    });
    expect(tenant).toEqual({
      ...before.tenant,
      settings: { ...before.tenant?.settings, sessionTimeout: 60_000 },
      branding: { ...before.tenant?.branding, accentColor: "#123456" },
    });
    expect((await client.getTenant({ name: "acme" })).tenant).toEqual(tenant);
    expect((await client.getRegistrationToken({ name: "acme" })).registrationToken).toBe(before.registrationToken);
  });

  test("loses none of several changes at once", async () => {
    const { client } = openRegistry();
    await client.createTenant({ name: "acme" });
    await Promise.all([
      client.updateTenant({ name: "acme", patch: { collection: "staff" } }),
      client.updateTenant({ name: "acme", patch: { tokenTimeout: 2000 } }),
      client.updateTenant({ name: "acme", patch: { idTokenTimeout: 3000 } }),
      client.updateTenant({ name: "acme", patch: { refreshTokens: 2 } }),
      client.updateTenant({ name: "acme", patch: { branding: { name: "Acme" } } }),
      client.updateTenant({ name: "acme", patch: { branding: { welcomeText: "Hello" } } }),
    ]);
    expect((await client.getTenant({ name: "acme" })).tenant).toMatchObject({
      settings: { collection: "staff", tokenTimeout: 2000, idTokenTimeout: 3000, refreshTokens: 2 },
      branding: { name: "Acme", welcomeText: "Hello" },
    });
  });

  test("refuses what is out of bounds and changes nothing", async () => {
    const { client } = openRegistry();
    const { tenant } = await client.createTenant({ name: "acme" });
    await expect(client.updateTenant({ name: "acme", patch: { collection: "staff", tokenTimeout: 0 } })).rejects.toEqual(
      kind("invalid"),
    );
    expect((await client.getTenant({ name: "acme" })).tenant).toEqual(tenant);
  });

  test("takes a registration token of the administrator's own making in place of the one before", async () => {
    const { client } = openRegistry();
    const { registrationToken } = await client.createTenant({ name: "acme" });
    const token = "my-own-registration-token-of-40-letters-";
    await client.updateTenant({ name: "acme", patch: { registrationToken: token } });
    expect((await client.getRegistrationToken({ name: "acme" })).registrationToken).toBe(token);
    expect((await client.authenticateToken({ tenant: "acme", token })).tenant?.name).toBe("acme");
    await expect(client.authenticateToken({ tenant: "acme", token: registrationToken })).rejects.toEqual(kind("unauthenticated"));
  });
});

describe("DeleteTenant", () => {
  test("takes the clients and the data key with it, and frees the name for another tenant", async () => {
    const { client, stores } = openRegistry();
    const { tenant } = await client.createTenant({ name: "acme" });
    const registered = await client.createClient({ tenant: "acme", metadata: { redirectUris } });
    const [stored] = (await stores.tenants.list({ limit: 10 })).items;
    await client.deleteTenant({ name: "acme" });
    await expect(client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));

    const again = await client.createTenant({ name: "acme" });
    expect(again.tenant?.id).not.toBe(tenant?.id);
    await expect(client.getClient({ tenant: "acme", clientId: registered.client?.clientId ?? "" })).rejects.toEqual(
      kind("not_found"),
    );
    if (stored === undefined) throw new Error("the tenant was stored");
    expect(await stores.clients.list(stored.id, { limit: 10 })).toEqual({ items: [] });
    expect(await stores.registryDataKeys.find(stored.id)).toBeUndefined();
  });

  /** What can fail after the tenant is gone, until it is told to work again. */
  function failing(registry: ReturnType<typeof openRegistry>) {
    const failures = { publish: true, dataKeys: true };
    const fail = () => Promise.reject(new ResourceError("unavailable", "the store is away"));
    const { changes, registryDataKeys } = registry.stores;
    const stores = {
      ...registry.stores,
      changes: {
        ...changes,
        publish: (change: Change) => (failures.publish && change.deleted ? fail() : changes.publish(change)),
      },
      registryDataKeys: {
        ...registryDataKeys,
        deleteTenant: (id: TenantId) => (failures.dataKeys ? fail() : registryDataKeys.deleteTenant(id)),
      },
    };
    return { failures, client: registry.clientWith(registry.sealer, stores) };
  }

  test("a deletion that failed after the tenant was gone can be made again, and is told; once it has succeeded there is no such tenant", async () => {
    const registry = openRegistry();
    const { stores } = registry;
    const { failures, client } = failing(registry);
    const { tenant } = await client.createTenant({ name: "acme" });
    const stored = await stores.tenants.findByName("acme" as TenantName);
    if (stored === undefined) throw new Error("the tenant was stored");
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    await expect(client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    failures.publish = false;
    const closing = new AbortController();
    const told = client.watch({ position: "" }, { signal: closing.signal })[Symbol.asyncIterator]();
    const next = async () => (await told.next()).value?.event;
    const deletion = { $case: "tenantChanged", value: { tenantId: tenant?.id, name: "acme", deleted: true } };
    expect([await next(), await next()]).toMatchObject([{ $case: "ready", value: { resumed: false } }, deletion]);
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    expect(await next()).toEqual(deletion);
    expect(await stores.registryDataKeys.find(stored.id)).toBeDefined();
    failures.dataKeys = false;
    expect(await client.deleteTenant({ name: "acme" })).toEqual({});
    expect(await next()).toEqual(deletion);
    expect(await stores.registryDataKeys.find(stored.id)).toBeUndefined();
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
    closing.abort();
  });

  test("the name is free at once after a deletion that failed, for a tenant that is deleted like any other", async () => {
    const registry = openRegistry();
    const { client } = failing(registry);
    const first = await client.createTenant({ name: "acme" });
    await expect(client.deleteTenant({ name: "acme" })).rejects.toEqual(kind("unavailable"));
    const second = await registry.client.createTenant({ name: "acme" });
    expect(second.tenant?.id).not.toBe(first.tenant?.id);
    await registry.client.deleteTenant({ name: "acme" });
    await expect(registry.client.getTenant({ name: "acme" })).rejects.toEqual(kind("not_found"));
    const { items } = await registry.stores.tenants.listDeleted({ limit: 10 });
    expect(items.map(({ id }) => id).toSorted()).toEqual([first.tenant?.id, second.tenant?.id].toSorted());
  });

  test("leaves other tenants' clients alone", async () => {
    const { client } = openRegistry();
    await client.createTenant({ name: "acme" });
    await client.createTenant({ name: "umbrella" });
    const kept = await client.createClient({ tenant: "umbrella", metadata: { redirectUris } });
    await client.deleteTenant({ name: "acme" });
    const found = await client.getClient({ tenant: "umbrella", clientId: kept.client?.clientId ?? "", revealSecret: true });
    expect(found).toEqual(kept);
  });

  test("refuses the tenant default, whether or not there is one", async () => {
    const { client } = openRegistry();
    await expect(client.deleteTenant({ name: "default" })).rejects.toEqual(kind("invalid"));
    await client.createTenant({ name: "default" });
    await expect(client.deleteTenant({ name: "default" })).rejects.toEqual(kind("invalid"));
    expect((await client.getTenant({ name: "default" })).tenant?.branding?.name).toBe("Signet");
  });
});

test("every call on a tenant that does not exist answers not_found", async () => {
  const { client } = openRegistry();
  for (const name of ["acme", "", "..", "Acme"]) {
    await expect(client.getTenant({ name })).rejects.toEqual(kind("not_found"));
    await expect(client.updateTenant({ name, patch: { tokenTimeout: 2000 } })).rejects.toEqual(kind("not_found"));
    await expect(client.deleteTenant({ name })).rejects.toEqual(kind("not_found"));
    await expect(client.rotateRegistrationToken({ name })).rejects.toEqual(kind("not_found"));
    await expect(client.getRegistrationToken({ name })).rejects.toEqual(kind("not_found"));
    await expect(client.createClient({ tenant: name, metadata: { redirectUris } })).rejects.toEqual(kind("not_found"));
    await expect(client.listClients({ tenant: name })).rejects.toEqual(kind("not_found"));
  }
});

describe("ListTenants", () => {
  test("gives all tenants by name, page by page", async () => {
    const { client } = openRegistry();
    const names = ["acme", "beta", "default", "umbrella", "zeta"];
    await Promise.all(names.toReversed().map((name) => client.createTenant({ name })));
    const first = await client.listTenants({ page: { limit: 2 } });
    const second = await client.listTenants({ page: { limit: 2, cursor: first.nextCursor } });
    const third = await client.listTenants({ page: { limit: 2, cursor: second.nextCursor } });
    expect([first, second, third].map(({ tenants }) => tenants.map(({ name }) => name))).toEqual([
      names.slice(0, 2),
      names.slice(2, 4),
      names.slice(4),
    ]);
    expect(third.nextCursor).toBe("");
    expect((await client.listTenants({})).tenants).toHaveLength(5);
  });

  test.each([{ cursor: "acme" }, { cursor: "Li4" }, { limit: 201 }])("Q9: refuses %j", async (page) => {
    await expect(openRegistry().client.listTenants({ page })).rejects.toEqual(kind("invalid"));
  });
});

describe("AuthenticateToken", () => {
  test("a tenant's registration token opens that tenant's registration API", async () => {
    const { client } = openRegistry();
    const { tenant, registrationToken } = await client.createTenant({ name: "acme" });
    expect(await client.authenticateToken({ tenant: "acme", token: registrationToken })).toEqual({ tenant });
  });

  test("T1: whatever token opens nothing, the answer is the very same, as if there were no such tenant", async () => {
    const { client, stores } = openRegistry();
    const administrationToken = "an-administration-token-of-40-characters";
    await stores.administration.replaceTokenHash(hashSecret(administrationToken));
    const acme = await client.createTenant({ name: "acme" });
    const umbrella = await client.createTenant({ name: "umbrella" });
    const answers = await Promise.all(
      [
        { tenant: "umbrella", token: acme.registrationToken },
        { tenant: "acme", token: umbrella.registrationToken },
        { tenant: "nowhere", token: acme.registrationToken },
        { tenant: "", token: acme.registrationToken },
        { tenant: "..", token: administrationToken },
        { tenant: "", token: administrationToken },
        { tenant: "acme", token: administrationToken },
        { tenant: "acme", token: "" },
        { tenant: "nowhere", token: "" },
        { tenant: "acme", token: acme.registrationToken.slice(0, -1) },
        { tenant: "acme", token: `${acme.registrationToken} ` },
        { token: acme.registrationToken },
        { token: "" },
      ].map((request) => errorOf(client.authenticateToken(request))),
    );
    const [first] = answers;
    expect(first).toEqual(new ResourceError("unauthenticated", "the token does not open this API"));
    for (const answer of answers) expect(answer).toEqual(first);
  });

  test("the administration token opens the administration API, and is no tenant's", async () => {
    const { client, stores } = openRegistry();
    await stores.administration.replaceTokenHash(hashSecret("an-administration-token-of-40-characters"));
    expect(await client.authenticateToken({ token: "an-administration-token-of-40-characters" })).toEqual({ tenant: undefined });
  });

  test("nothing opens the administration API before there is a token", async () => {
    await expect(openRegistry().client.authenticateToken({ token: "" })).rejects.toEqual(kind("unauthenticated"));
  });

  test("G3: a new token stops the old one at once, also where several are made at a time, and a deleted tenant's opens nothing", async () => {
    const { client } = openRegistry();
    const { registrationToken } = await client.createTenant({ name: "acme" });
    const rotated = await Promise.all([1, 2, 3, 4].map(() => client.rotateRegistrationToken({ name: "acme" })));
    const current = (await client.getRegistrationToken({ name: "acme" })).registrationToken;
    const made = rotated.map((reply) => reply.registrationToken);
    expect(made).toContain(current);
    for (const token of [registrationToken, ...made.filter((token) => token !== current)]) {
      await expect(client.authenticateToken({ tenant: "acme", token })).rejects.toEqual(kind("unauthenticated"));
    }
    expect((await client.authenticateToken({ tenant: "acme", token: current })).tenant?.name).toBe("acme");

    await client.deleteTenant({ name: "acme" });
    await client.createTenant({ name: "acme" });
    await expect(client.authenticateToken({ tenant: "acme", token: current })).rejects.toEqual(kind("unauthenticated"));
  });
});
