import { randomBytes } from "node:crypto";
import type { registry } from "@signet/contracts";
import { newUserId, ResourceError } from "@signet/protocol";
import { clientFromProto, createSubjects, tenantFromProto } from "@signet/registry-client";
import { expect, test } from "vitest";
import { openRegistry } from "../testing/open-registry.ts";

const user = newUserId(randomBytes);

/** A registry with a tenant, and how often it was asked for a secret. */
async function withTenant() {
  const { client, stores } = openRegistry();
  const { tenant: message } = await client.createTenant({ name: "acme" });
  if (message === undefined) throw new Error("the reply has no tenant");
  const tenant = tenantFromProto(message);
  const asking = { count: 0, isAway: false };
  const asked: Pick<registry.ClientRegistryServiceClient, "getSubjectSecret"> = {
    getSubjectSecret(request) {
      asking.count++;
      if (asking.isAway) throw new ResourceError("unavailable", "away");
      return client.getSubjectSecret(request);
    },
  };
  async function register(metadata: Partial<registry.ClientMetadata> = {}) {
    const created = await client.createClient({
      tenant: tenant.name,
      metadata: { redirectUris: ["https://app.example/cb"], subjectType: "pairwise", ...metadata },
    });
    if (created.client === undefined) throw new Error("the reply has no client");
    return clientFromProto(created.client);
  }
  return { client, stores, tenant, asking, asked, register, subjects: createSubjects({ registry: asked }) };
}

test("a public subject is the user's id, at once, and nobody is asked for anything", async () => {
  const { asking, subjects, tenant, register } = await withTenant();
  expect(subjects.of(tenant, await register({ subjectType: "public" }), user)).toBe(user);
  expect(asking.count).toBe(0);
});

test("a pairwise subject is the same for all clients of a sector and in all processes, and another in each sector", async () => {
  const { asked, subjects, tenant, register } = await withTenant();
  const clients = [
    await register(),
    await register({ redirectUris: ["https://app.example:8443/other"] }),
    await register({ redirectUris: ["https://other.example/cb"] }),
  ];
  const of = (process: typeof subjects) => Promise.all(clients.map((client) => process.of(tenant, client, user)));
  const [first, second, third] = await of(subjects);
  expect(second).toBe(first);
  expect(new Set([first, third, user]).size).toBe(3);
  expect(await of(createSubjects({ registry: asked }))).toEqual([first, second, third]);
});

test("the secret is asked for once, however many ask at once", async () => {
  const { asking, subjects, tenant, register } = await withTenant();
  const client = await register();
  await Promise.all(Array.from({ length: 20 }, () => subjects.of(tenant, client, newUserId(randomBytes))));
  expect(asking.count).toBe(1);
});

test("a failure is not held", async () => {
  const { asking, subjects, tenant, register } = await withTenant();
  const client = await register();
  asking.isAway = true;
  await expect(subjects.of(tenant, client, user)).rejects.toMatchObject({ kind: "unavailable" });
  asking.isAway = false;
  expect(await subjects.of(tenant, client, user)).toMatch(/^[A-Za-z0-9_-]{43}$/);
});

test("the secret of another tenant that has the name by now is not taken", async () => {
  const { client: administrator, subjects, tenant, register } = await withTenant();
  const client = await register();
  await administrator.deleteTenant({ name: tenant.name });
  await administrator.createTenant({ name: tenant.name });
  await expect(subjects.of(tenant, client, user)).rejects.toMatchObject({ kind: "not_found" });
});
