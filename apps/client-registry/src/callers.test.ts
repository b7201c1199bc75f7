import { describe, expect, test } from "vitest";
import { redirectUris } from "./testing/open-registry.ts";
import { type CallerName, serveRegistry } from "./testing/serve-registry.ts";

const forbidden = expect.objectContaining({ kind: "forbidden" });

async function withClient() {
  const registry = await serveRegistry();
  const administrator = registry.clientAs("gateway");
  await administrator.createTenant({ name: "acme" });
  const created = await administrator.createClient({ tenant: "acme", metadata: { redirectUris } });
  const id = { tenant: "acme", clientId: created.client?.clientId ?? "" };
  return { ...registry, id, secret: created.clientSecret };
}

describe("the right to read", () => {
  test("opens tenants, clients and their changes", async () => {
    const { clientAs, id } = await withClient();
    const reader = clientAs("billing");
    expect((await reader.listTenants({})).tenants).toHaveLength(1);
    expect((await reader.getTenant({ name: "acme" })).tenant?.name).toBe("acme");
    expect((await reader.listClients({ tenant: "acme" })).clients).toHaveLength(1);
    expect((await reader.getClient(id)).client?.clientId).toBe(id.clientId);
    for await (const { event } of reader.watch({})) {
      expect(event?.$case).toBe("ready");
      break;
    }
  });

  test("changes nothing", async () => {
    const { clientAs, id } = await withClient();
    const reader = clientAs("billing");
    const refusals = [
      reader.createTenant({ name: "other" }),
      reader.updateTenant({ name: "acme", patch: { collection: "staff" } }),
      reader.deleteTenant({ name: "acme" }),
      reader.createClient({ tenant: "acme", metadata: { redirectUris } }),
      reader.updateClient({ ...id, rotateSecret: true }),
      reader.deleteClient(id),
    ];
    await Promise.all(refusals.map((refusal) => expect(refusal).rejects.toEqual(forbidden)));
    expect((await clientAs("gateway").getClient(id)).client).toBeDefined();
  });

  test("G5: shows no secret, and none that was asked for looks like an empty one", async () => {
    const { clientAs, id } = await withClient();
    const reader = clientAs("billing");
    const { client, clientSecret } = await reader.getClient(id);
    expect([clientSecret, client?.secretHash.length]).toEqual(["", 0]);
    const [listed] = (await reader.listClients({ tenant: "acme" })).clients;
    expect([listed?.clientSecret, listed?.client?.secretHash.length]).toEqual(["", 0]);
    await expect(reader.getClient({ ...id, revealSecret: true })).rejects.toEqual(forbidden);
    await expect(reader.listClients({ tenant: "acme", revealSecrets: true })).rejects.toEqual(forbidden);
  });
});

describe("the right to write", () => {
  test("makes, changes and deletes tenants and clients", async () => {
    const { clientAs } = await withClient();
    const writer = clientAs("provisioning");
    await writer.createTenant({ name: "other" });
    await writer.updateTenant({ name: "other", patch: { collection: "staff" } });
    const { client } = await writer.createClient({ tenant: "other", metadata: { redirectUris } });
    const id = { tenant: "other", clientId: client?.clientId ?? "" };
    expect((await writer.updateClient({ ...id, rotateSecret: true })).clientSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    await writer.deleteClient(id);
    await writer.deleteTenant({ name: "other" });
    expect((await writer.listTenants({})).tenants).toHaveLength(1);
  });

  test("opens nothing of the administration API", async () => {
    const writer = (await withClient()).clientAs("provisioning");
    const refusals = [
      writer.getRegistrationToken({ name: "acme" }),
      writer.rotateRegistrationToken({ name: "acme" }),
      writer.authenticateToken({ token: "t".repeat(43), tenant: "acme" }),
      writer.rewrapDataKeys({}),
    ];
    await Promise.all(refusals.map((refusal) => expect(refusal).rejects.toEqual(forbidden)));
  });
});

test.each<[CallerName, { readonly secret: boolean; readonly hash: boolean }]>([
  ["gateway", { secret: true, hash: false }],
  ["auth", { secret: false, hash: false }],
  ["token", { secret: false, hash: true }],
  ["billing", { secret: false, hash: false }],
  ["provisioning", { secret: true, hash: false }],
])("%s sees of a client's secret no more than it needs: %o", async (name, may) => {
  const { clientAs, id, secret } = await withClient();
  const client = clientAs(name);
  const revealed = await client.getClient({ ...id, revealSecret: true }).catch((error: unknown) => error);
  expect(revealed).toEqual(may.secret ? expect.objectContaining({ clientSecret: secret }) : forbidden);
  expect((await client.getClient(id)).client?.secretHash.length).toBe(may.hash ? 32 : 0);
  expect((await client.getClient(id)).client?.assertionSecret).toBe("");
});

test.each(["gateway", "auth", "token", "billing", "provisioning"] as const)(
  "the secret that is the key of a client's assertions is told unasked to the token service alone (%s)",
  async (name) => {
    const { clientAs } = await withClient();
    const metadata = { redirectUris, tokenEndpointAuthMethod: "client_secret_jwt" };
    const made = await clientAs("gateway").createClient({ tenant: "acme", metadata });
    expect(made.client?.assertionSecret).toBe("");
    expect(made.clientSecret).toMatch(/^[A-Za-z0-9_-]{86}$/);
    const found = await clientAs(name).getClient({ tenant: "acme", clientId: made.client?.clientId ?? "" });
    expect(found.client?.assertionSecret).toBe(name === "token" ? made.clientSecret : "");
    expect(found.clientSecret).toBe("");
  },
);
