import { registry } from "@signet/contracts";
import { later } from "@signet/protocol";
import type { ClientStore } from "@signet/storage";
import { describe, expect, test } from "vitest";
import { kind, openRegistry, redirectUris } from "../testing/open-registry.ts";

const hour = 3_600_000;
const settings = { mode: "open", quota: 3, openClientLifetime: hour };

/** A registry with the tenant `acme`, whose clients register themselves. */
async function openTenant() {
  const opened = openRegistry();
  const registration = registry.RegistrationSettings.create(settings);
  const registrationMembers = ["mode", "quota", "open_client_lifetime"];
  await opened.client.createTenant({ name: "acme", patch: { registration, registrationMembers } });
  const register = (metadata: Parameters<typeof registry.ClientMetadata.create>[0] = {}) =>
    opened.client.registerClient({ tenant: "acme", metadata: { redirectUris, ...metadata } });
  return { ...opened, register };
}

/** The id of a client that registered itself, with what opens its registration. */
function accessOf({ client, registrationAccessToken }: registry.RegisterClientResponse) {
  return { tenant: "acme", clientId: client?.clientId ?? "", registrationAccessToken };
}

describe("clients that have expired", () => {
  test("are found by nobody, and are told of as deleted once another registers", async () => {
    const { client, register, time, stores } = await openTenant();
    const expired = await register();
    time.now = later(time.now, hour);
    const { clientId } = accessOf(expired);
    await expect(client.getClient({ tenant: "acme", clientId })).rejects.toEqual(kind("not_found"));
    await expect(client.updateClient({ tenant: "acme", clientId, rotateSecret: true })).rejects.toEqual(kind("not_found"));
    expect((await client.listClients({ tenant: "acme" })).clients).toEqual([]);

    const closing = new AbortController();
    const changes = stores.changes.subscribe(undefined, closing.signal)[Symbol.asyncIterator]();
    expect((await changes.next()).value).toMatchObject({ kind: "ready" });
    await register();
    expect((await changes.next()).value).toMatchObject({ change: { kind: "client", clientId, deleted: true } });
    closing.abort();
  });
});

describe("the quota", () => {
  test("holds however many register at the same time", async () => {
    const { client, register } = await openTenant();
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => register()));
    expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(3);
    expect((await client.listClients({ tenant: "acme" })).clients).toHaveLength(3);
    await expect(register()).rejects.toEqual(kind("forbidden"));
  });
});

describe("a replacement", () => {
  test("moves no client into the sector of a host that knows nothing of it", async () => {
    const { client, register } = await openTenant();
    const elsewhere = { redirectUris: ["https://victim.example/cb"], subjectType: "pairwise" };
    for (const subjectType of ["pairwise", "public"]) {
      const access = accessOf(await register({ subjectType }));
      const kept = client.replaceRegistration({ ...access, metadata: { redirectUris, subjectType } });
      expect((await kept).client?.metadata).toMatchObject({ subjectType });
      for (const metadata of [elsewhere, { ...elsewhere, subjectType: "public" }, elsewhere]) {
        const replaced = client.replaceRegistration({ ...access, metadata });
        if (metadata.subjectType === "public") await replaced;
        else await expect(replaced).rejects.toMatchObject({ code: "invalid_client_metadata" });
      }
    }
  });

  test("G1: that an administrator's change gets ahead of undoes none of it", async () => {
    const { client, clientWith, sealer, stores, register } = await openTenant();
    const access = accessOf(await register());
    let isFirst = true;
    const overtaken: ClientStore = {
      ...stores.clients,
      async replace(next) {
        if (isFirst) {
          isFirst = false;
          const metadata = { requireSignedRequestObject: true };
          await client.updateClient({ ...access, metadata, members: ["require_signed_request_object"] });
        }
        return stores.clients.replace(next);
      },
    };
    const replica = clientWith(sealer, { ...stores, clients: overtaken });
    const { client: replaced } = await replica.replaceRegistration({ ...access, metadata: { redirectUris, clientName: "Mine" } });
    expect(replaced?.metadata).toMatchObject({ clientName: "Mine", requireSignedRequestObject: true });
  });

  test("takes over nothing that an administrator sent as it was", async () => {
    const { client, register } = await openTenant();
    const access = accessOf(await register({ clientName: "Mine" }));
    await client.updateClient({
      ...access,
      metadata: { clientName: "Mine", scope: "openid" },
      members: ["client_name", "scope"],
    });
    const { client: replaced } = await client.replaceRegistration({
      ...access,
      metadata: { redirectUris, clientName: "Renamed", scope: "openid email" },
    });
    expect(replaced?.metadata).toMatchObject({ clientName: "Renamed", scope: "openid" });
  });

  test("is within what the tenant permits now, not what it permitted once", async () => {
    const { client, register } = await openTenant();
    const grantTypes = ["authorization_code", "refresh_token"];
    const access = accessOf(await register({ grantTypes }));
    const registration = registry.RegistrationSettings.create({ grantTypes: ["authorization_code"] });
    await client.updateTenant({ name: "acme", patch: { registration, registrationMembers: ["grant_types"] } });
    const again = client.replaceRegistration({ ...access, metadata: { redirectUris, grantTypes } });
    await expect(again).rejects.toMatchObject({ code: "invalid_client_metadata" });
    expect((await client.getRegistration(access)).client?.metadata?.grantTypes).toEqual(grantTypes);
  });
});

test("the deletion of a tenant ends its initial access tokens", async () => {
  const { client, stores, register } = await openTenant();
  await register();
  const { initialAccessToken } = await client.createInitialAccessToken({ tenant: "acme", label: "one" });
  expect((await client.listInitialAccessTokens({ tenant: "acme" })).initialAccessTokens).toEqual([initialAccessToken]);
  const id = (await client.getTenant({ name: "acme" })).tenant?.id;
  await client.deleteTenant({ name: "acme" });
  await client.createTenant({ name: "acme" });
  expect((await client.listInitialAccessTokens({ tenant: "acme" })).initialAccessTokens).toEqual([]);
  const tenantId = (await stores.tenants.listDeleted({ limit: 10 })).items.find((tenant) => tenant.id === id)?.id;
  if (tenantId === undefined) throw new Error("the tenant was deleted");
  expect((await stores.clients.list(tenantId, { limit: 10 })).items).toEqual([]);
});
