import { describe, expect, test } from "vitest";
import { kind, openRegistry, redirectUris } from "../testing/open-registry.ts";

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
        requirePkce: false,
        registration: expect.objectContaining({ mode: "off", quota: 1000 }),
        policyUri: "",
        tosUri: "",
        serviceDocumentation: "",
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
