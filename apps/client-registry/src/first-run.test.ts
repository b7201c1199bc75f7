import { generateKeyEncryptionKey } from "@signet/sealing";
import { describe, expect, test } from "vitest";
import { ensureAdministrationToken, ensureDefaultTenant, readDefaultRegistrationToken } from "./first-run.ts";
import { openRegistry } from "./testing/open-registry.ts";

describe("ensureDefaultTenant", () => {
  test("makes the tenant once, and its registration token is told each time", async () => {
    const registry = openRegistry();
    const first = await ensureDefaultTenant(registry, registry.time.now);
    const token = await readDefaultRegistrationToken(registry);
    const { tenant } = await registry.client.authenticateToken({ tenant: "default", token });
    expect([first.created, tenant?.name, tenant?.branding?.name]).toEqual([true, "default", "Signet"]);

    const { registrationToken } = await registry.client.rotateRegistrationToken({ name: "default" });
    expect(await ensureDefaultTenant(registry, registry.time.now)).toEqual({ created: false });
    expect(await readDefaultRegistrationToken(registry)).toBe(registrationToken);
    expect((await registry.client.getTenant({ name: "default" })).tenant).toEqual(tenant);
  });

  test("K8: finds the tenant also where the key-encryption key is another; only the token then needs the right one", async () => {
    const registry = openRegistry();
    await ensureDefaultTenant(registry, registry.time.now);
    const stranger = { ...registry, sealer: registry.sealerOf(generateKeyEncryptionKey(registry.random)) };
    expect(await ensureDefaultTenant(stranger, registry.time.now)).toEqual({ created: false });
    await expect(readDefaultRegistrationToken(stranger)).rejects.toThrow(
      `the data key is wrapped by the key-encryption key ${registry.keyEncryptionKey.id}, which is not configured`,
    );
  });

  test("makes one tenant where several processes start at once", async () => {
    const registry = openRegistry();
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => ensureDefaultTenant(registry, registry.time.now)));
    expect(results.filter(({ created }) => created)).toHaveLength(1);
    expect((await registry.client.listTenants({})).tenants).toHaveLength(1);
  });
});

describe("ensureAdministrationToken", () => {
  test("tells a new token once", async () => {
    const registry = openRegistry();
    const { token } = await ensureAdministrationToken(registry);
    expect(token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(await ensureAdministrationToken(registry)).toEqual({});
    expect(await registry.client.authenticateToken({ token: token ?? "" })).toEqual({ tenant: undefined });
  });

  test("tells one token where several processes start at once", async () => {
    const registry = openRegistry();
    const results = await Promise.all([1, 2, 3, 4, 5].map(() => ensureAdministrationToken(registry)));
    const [token, ...others] = results.flatMap((result) => result.token ?? []);
    expect(others).toEqual([]);
    expect(await registry.client.authenticateToken({ token: token ?? "" })).toEqual({ tenant: undefined });
  });

  test("a configured token takes the place of any other, and is not told", async () => {
    const registry = openRegistry();
    const { token } = await ensureAdministrationToken(registry);
    for (const configured of ["the-first-configured-token-0123456789", "the-second-configured-token-012345678"]) {
      expect(await ensureAdministrationToken(registry, configured)).toEqual({});
      expect(await registry.client.authenticateToken({ token: configured })).toEqual({ tenant: undefined });
    }
    for (const replaced of [token ?? "", "the-first-configured-token-0123456789"]) {
      await expect(registry.client.authenticateToken({ token: replaced })).rejects.toMatchObject({ kind: "unauthenticated" });
    }
    expect(await ensureAdministrationToken(registry)).toEqual({});
  });
});
