import { ResourceError } from "@signet/registry-sdk";
import { describe, expect, test } from "vitest";
import { redirectUris } from "../testing/open-registry.ts";
import { serveRegistry } from "../testing/serve-registry.ts";

async function withTenant() {
  const registry = await serveRegistry();
  const writer = registry.sdkAs("provisioning");
  await writer.tenants.create("acme");
  return { ...registry, writer, clients: writer.clients };
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  return await Array.fromAsync(items);
}

describe("clients of the typed package", () => {
  test("are created with what is said of them, and told without their secret", async () => {
    const { clients, sdkAs } = await withTenant();
    const secretExpiresAt = new Date("2099-01-01T00:00:00Z");
    const { client, secret } = await clients.create(
      "acme",
      { redirectUris, clientName: "Billing", refreshTokens: "always" },
      { secretExpiresAt },
    );
    expect(secret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(client).toMatchObject({ secretExpiresAt, createdAt: client.updatedAt });
    expect(client.metadata).toMatchObject({ redirectUris, clientName: "Billing", refreshTokens: "always", logoUri: undefined });
    expect(await sdkAs("billing").clients.get("acme", client.clientId)).toEqual({ client, secret: undefined });
    expect(await clients.get("acme", client.clientId, { revealSecret: true })).toEqual({ client, secret });
    expect(JSON.stringify(client)).not.toMatch(/hash/i);
  });

  test("have no secret where they cannot keep one", async () => {
    const { clients } = await withTenant();
    const { client, secret } = await clients.create("acme", { redirectUris, tokenEndpointAuthMethod: "none" });
    expect(secret).toBeUndefined();
    await expect(clients.rotateSecret("acme", client.clientId)).rejects.toMatchObject({
      kind: "invalid",
      description: expect.stringContaining("no secret to renew"),
    });
  });

  test("are listed over all pages, each once and in order", async () => {
    const { clients, sdkAs } = await withTenant();
    const created = await Promise.all(Array.from({ length: 7 }, () => clients.create("acme", { redirectUris })));
    const ids = created.map(({ client }) => client.clientId).sort();
    const listed = await all(sdkAs("billing").clients.list("acme", { pageSize: 3 }));
    expect(listed.map(({ client }) => client.clientId)).toEqual(ids);
    const revealed = await all(clients.list("acme", { revealSecrets: true }));
    expect(new Set(revealed.map(({ secret }) => secret))).toEqual(new Set(created.map(({ secret }) => secret)));
  });

  test("are listed whole also where a page of them would be longer than a message may be", async () => {
    const { clients } = await withTenant();
    const long = Array.from({ length: 20 }, (_, index) => `https://app.example/${index}/${"a".repeat(1900)}`);
    await Promise.all(Array.from({ length: 40 }, () => clients.create("acme", { redirectUris: long })));
    const listed = await all(clients.list("acme", { pageSize: 200 }));
    expect(new Set(listed.map(({ client }) => client.clientId)).size).toBe(40);
  });

  test("G1: keep what an update does not name, and get the default of what it names as undefined", async () => {
    const { clients } = await withTenant();
    const { client } = await clients.create("acme", { redirectUris, clientName: "Old", logoUri: "https://app.example/logo.png" });
    const updated = await clients.update("acme", client.clientId, { clientName: "New", logoUri: undefined });
    expect(updated.client.metadata).toEqual({ ...client.metadata, clientName: "New", logoUri: undefined });
    expect(updated.secret).toBeUndefined();
  });

  test("get another secret, with an end where one is given", async () => {
    const { clients } = await withTenant();
    const { client, secret } = await clients.create("acme", { redirectUris });
    const secretExpiresAt = new Date("2099-01-01T00:00:00Z");
    const rotated = await clients.rotateSecret("acme", client.clientId, { secretExpiresAt });
    expect(rotated.secret).not.toBe(secret);
    expect(rotated.client.secretExpiresAt).toEqual(secretExpiresAt);
    expect((await clients.get("acme", client.clientId, { revealSecret: true })).secret).toBe(rotated.secret);
  });

  test("are gone once they are deleted", async () => {
    const { clients } = await withTenant();
    const { client } = await clients.create("acme", { redirectUris });
    await clients.delete("acme", client.clientId);
    await expect(clients.get("acme", client.clientId)).rejects.toMatchObject({ kind: "not_found" });
    expect(await all(clients.list("acme"))).toEqual([]);
  });
});

test("tenants are created, listed, changed and deleted", async () => {
  const { tenants } = (await serveRegistry()).sdkAs("provisioning");
  const { tenant, registrationToken } = await tenants.create("acme", {
    settings: { collection: "staff", refreshTokens: "always" },
    branding: { name: "Acme" },
    registrationToken: "r".repeat(32),
  });
  expect(registrationToken).toBe("r".repeat(32));
  expect(tenant).toMatchObject({ name: "acme", settings: { collection: "staff", refreshTokens: "always" } });
  expect(await tenants.get("acme")).toEqual(tenant);
  const changed = await tenants.update("acme", { branding: { accentColor: "#123456" } });
  expect(changed).toEqual({ ...tenant, branding: { ...tenant.branding, accentColor: "#123456" } });
  await tenants.create("beta");
  expect((await all(tenants.list({ pageSize: 1 }))).map(({ name }) => name)).toEqual(["acme", "beta"]);
  await tenants.delete("beta");
  expect(await all(tenants.list())).toEqual([changed]);
});

describe("what goes wrong is a ResourceError", () => {
  test.each<[string, ResourceError["kind"], RegExp, (sdk: Sdk) => Promise<unknown>]>([
    ["no such tenant", "not_found", /tenant/, (sdk) => sdk.clients.get("nobody", "0".repeat(24))],
    ["a name that is taken", "already_exists", /already/, (sdk) => sdk.tenants.create("acme")],
    ["a name that cannot be", "invalid", /name must be/, (sdk) => sdk.tenants.create("Acme!")],
    [
      "metadata that cannot be",
      "invalid",
      /invalid_redirect_uri/,
      (sdk) => sdk.clients.create("acme", { redirectUris: ["javascript:alert(1)"] }),
    ],
    ["a page that cannot be", "invalid", /limit/, (sdk) => all(sdk.clients.list("acme", { pageSize: 201 }))],
  ])("%s: %s", async (_case, kind, description, call) => {
    const { writer } = await withTenant();
    const error = await call(writer).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ResourceError);
    expect(error).toMatchObject({ kind, description: expect.stringMatching(description) });
  });

  test("a token that nobody has: unauthenticated; without the right: forbidden", async () => {
    const { sdkAs } = await withTenant();
    await expect(sdkAs("billing", { token: "x".repeat(32) }).tenants.get("acme")).rejects.toMatchObject({
      kind: "unauthenticated",
    });
    await expect(sdkAs("billing").tenants.create("other")).rejects.toMatchObject({ kind: "forbidden" });
  });

  test("a registry that is away: unavailable, within the deadline", async () => {
    const { sdkAs, server } = await withTenant();
    await server.close(0);
    const began = performance.now();
    await expect(sdkAs("billing", { timeoutMilliseconds: 300 }).tenants.get("acme")).rejects.toMatchObject({
      kind: "unavailable",
    });
    expect(performance.now() - began).toBeLessThan(1000);
  });

  test.each(["mux://127.0.0.1:4011", "http://127.0.0.1:4011", "127.0.0.1:4011"])(
    "the address %s is refused at once",
    async (url) => {
      const { sdkAs } = await serveRegistry();
      expect(() => sdkAs("billing", { url })).toThrow("grpc://host:port");
    },
  );
});

type Sdk = ReturnType<Awaited<ReturnType<typeof serveRegistry>>["sdkAs"]>;

test("a token that is given by a function is asked for at each call", async () => {
  const { sdkAs, tokenOf } = await withTenant();
  let token = "x".repeat(32);
  const sdk = sdkAs("billing", { token: () => token });
  await expect(sdk.tenants.get("acme")).rejects.toMatchObject({ kind: "unauthenticated" });
  token = tokenOf("billing");
  expect((await sdk.tenants.get("acme")).name).toBe("acme");
});
