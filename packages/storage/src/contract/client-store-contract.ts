import { later, laterClientMetadata } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import type { ClientStore, SelfRegisteredClient, StoredClient } from "../client-store.ts";
import {
  aClientId,
  aConfidentialClient,
  aHash,
  aPublicClient,
  aSealed,
  aSelfRegisteredClient,
  aTenantId,
  concurrently,
  now,
  tally,
} from "./fixtures/index.ts";
import { pageContract } from "./page-contract.ts";

/** What every `ClientStore` promises. `open` gives an empty one. */
export function clientStoreContract(open: () => Promise<ClientStore>): void {
  test("a created client is found, with all that it was created with", async () => {
    const clients = await open();
    for (const client of [aPublicClient(), aConfidentialClient()]) {
      await clients.create(client);
      expect(await clients.find(client.tenantId, client.id)).toStrictEqual(client);
    }
  });

  test("a client that an older version stored, without members that came later, has their usual values", async () => {
    const clients = await open();
    const client = aPublicClient();
    const metadata = { ...client.metadata };
    for (const member of Object.keys(laterClientMetadata)) Reflect.deleteProperty(metadata, member);
    await clients.create({ ...client, metadata });
    expect(await clients.find(client.tenantId, client.id)).toStrictEqual(client);
  });

  test("an id that no client has finds nothing", async () => {
    const clients = await open();
    const client = aPublicClient();
    await clients.create(client);
    expect(await clients.find(client.tenantId, aClientId())).toBeUndefined();
  });

  test("another tenant does not find, list, replace or delete a client", async () => {
    const clients = await open();
    const client = aConfidentialClient();
    const other = aTenantId();
    await clients.create(client);
    expect(await clients.find(other, client.id)).toBeUndefined();
    expect(await clients.list(other, { limit: 10 })).toStrictEqual({ items: [] });
    expect(await clients.replace({ ...changed(client), tenantId: other })).toBe("unknown");
    expect(await clients.delete(other, client.id)).toBe(false);
    expect(await clients.find(client.tenantId, client.id)).toStrictEqual(client);
  });

  test("a replacement of the next version takes the place of the client", async () => {
    const clients = await open();
    const client = aPublicClient();
    await clients.create(client);
    const replacement = changed(client);
    expect(await clients.replace(replacement)).toBe("replaced");
    expect(await clients.find(client.tenantId, client.id)).toStrictEqual(replacement);
  });

  test("a replacement takes away what it does not have", async () => {
    const clients = await open();
    const client = aConfidentialClient();
    await clients.create(client);
    const replacement = aPublicClient({ id: client.id, tenantId: client.tenantId, version: 2 });
    expect(await clients.replace(replacement)).toBe("replaced");
    expect(await clients.find(client.tenantId, client.id)).toStrictEqual(replacement);
  });

  test.each([1, 3])(
    "a replacement of version %i is a conflict where version 1 is stored, and changes nothing",
    async (version) => {
      const clients = await open();
      const client = aConfidentialClient();
      await clients.create(client);
      expect(await clients.replace({ ...changed(client), version })).toBe("conflict");
      expect(await clients.find(client.tenantId, client.id)).toStrictEqual(client);
    },
  );

  test("a replacement of a client that does not exist is unknown, and creates nothing", async () => {
    const clients = await open();
    const client = aPublicClient({ version: 2 });
    expect(await clients.replace(client)).toBe("unknown");
    expect(await clients.find(client.tenantId, client.id)).toBeUndefined();
  });

  test("of 100 concurrent replacements of one version exactly one succeeds", async () => {
    const clients = await open();
    const client = aConfidentialClient();
    await clients.create(client);
    const replacements = Array.from({ length: 100 }, () => changed(client));
    const results = await Promise.all(replacements.map((replacement) => clients.replace(replacement)));
    expect(tally(results)).toStrictEqual({ replaced: 1, conflict: 99 });
    expect(await clients.find(client.tenantId, client.id)).toStrictEqual(replacements[results.indexOf("replaced")]);
  });

  test("a deleted client is not found", async () => {
    const clients = await open();
    const client = aPublicClient();
    await clients.create(client);
    expect(await clients.delete(client.tenantId, client.id)).toBe(true);
    expect(await clients.find(client.tenantId, client.id)).toBeUndefined();
    expect(await clients.delete(client.tenantId, client.id)).toBe(false);
  });

  test("a deleted client cannot be replaced", async () => {
    const clients = await open();
    const client = aPublicClient();
    await clients.create(client);
    await clients.delete(client.tenantId, client.id);
    expect(await clients.replace(changed(client))).toBe("unknown");
  });

  test("the deletion of a tenant deletes its clients and no others", async () => {
    const clients = await open();
    const tenantId = aTenantId();
    const own = [aPublicClient({ tenantId }), aConfidentialClient({ tenantId })];
    const other = aPublicClient();
    for (const client of [...own, other]) await clients.create(client);
    await clients.deleteTenant(tenantId);
    expect(await clients.list(tenantId, { limit: 10 })).toStrictEqual({ items: [] });
    for (const client of own) expect(await clients.find(tenantId, client.id)).toBeUndefined();
    expect(await clients.find(other.tenantId, other.id)).toStrictEqual(other);
  });

  describe("clients that registered themselves", () => {
    test("are found with what they were created with, whether they have an end or not", async () => {
      const clients = await open();
      const { expiresAt: _end, ...endless } = aSelfRegisteredClient();
      for (const client of [aSelfRegisteredClient(), endless]) {
        expect(await clients.createWithin(client, 10, now)).toBe("created");
        expect(await clients.find(client.tenantId, client.id)).toStrictEqual(client);
      }
    });

    test("are as many as the quota, and those of other tenants and of administrators do not count", async () => {
      const clients = await open();
      const tenantId = aTenantId();
      await clients.create(aConfidentialClient({ tenantId }));
      await clients.createWithin(aSelfRegisteredClient(), 10, now);
      const [first, second, third] = [0, 1, 2].map(() => aSelfRegisteredClient({ tenantId }));
      if (first === undefined || second === undefined || third === undefined) throw new Error("there are three");
      expect(await clients.createWithin(first, 2, now)).toBe("created");
      expect(await clients.createWithin(second, 2, now)).toBe("created");
      expect(await clients.createWithin(third, 2, now)).toBe("quota-reached");
      expect(await clients.find(tenantId, third.id)).toBeUndefined();
      await clients.delete(tenantId, first.id);
      expect(await clients.createWithin(third, 2, now)).toBe("created");
    });

    test("that have expired do not count", async () => {
      const clients = await open();
      const client = aSelfRegisteredClient({ expiresAt: later(now, 1) });
      await clients.createWithin(client, 1, now);
      const next = aSelfRegisteredClient({ tenantId: client.tenantId });
      expect(await clients.createWithin(next, 1, now)).toBe("quota-reached");
      expect(await clients.createWithin(next, 1, later(now, 1))).toBe("created");
    });

    test("are never more than the quota, however many come at the same time", async () => {
      const clients = await open();
      const tenantId = aTenantId();
      const results = await concurrently(50, () => clients.createWithin(aSelfRegisteredClient({ tenantId }), 5, now));
      const created = tally(results).created ?? 0;
      expect(created).toBeLessThanOrEqual(5);
      expect((await clients.list(tenantId, { limit: 50 })).items).toHaveLength(created);
    });

    test("are deleted once they have expired, some at a time, and no others", async () => {
      const clients = await open();
      const tenantId = aTenantId();
      const expiring = [1, 2, 3].map((end) => aSelfRegisteredClient({ tenantId, expiresAt: later(now, end) }));
      const { expiresAt: _end, ...endless } = aSelfRegisteredClient({ tenantId });
      const staying = [endless, aSelfRegisteredClient({ tenantId }), aConfidentialClient({ tenantId })];
      const foreign = aSelfRegisteredClient({ expiresAt: later(now, 1) });
      for (const client of [...expiring, ...staying, foreign]) await clients.create(client);
      expect(await clients.deleteExpired(tenantId, now, 10)).toStrictEqual([]);
      const first = await clients.deleteExpired(tenantId, later(now, 3), 2);
      expect(first).toHaveLength(2);
      const second = await clients.deleteExpired(tenantId, later(now, 3), 2);
      expect([...first, ...second].toSorted()).toStrictEqual(expiring.map(({ id }) => id).toSorted());
      expect((await clients.list(tenantId, { limit: 10 })).items).toHaveLength(staying.length);
      expect(await clients.find(foreign.tenantId, foreign.id)).toStrictEqual(foreign);
    });

    test("can be renewed by a replacement", async () => {
      const clients = await open();
      const client = aSelfRegisteredClient({ expiresAt: later(now, 1) });
      const renewed: SelfRegisteredClient = { ...client, expiresAt: later(now, 10), version: 2 };
      await clients.create(client);
      expect(await clients.replace(renewed)).toBe("replaced");
      expect(await clients.deleteExpired(client.tenantId, later(now, 1), 10)).toStrictEqual([]);
      expect(await clients.find(client.tenantId, client.id)).toStrictEqual(renewed);
    });
  });

  describe("list", () => {
    pageContract<StoredClient>(async () => {
      const clients = await open();
      const tenantId = aTenantId();
      await clients.create(aPublicClient());
      return {
        add: (count) =>
          concurrently(count, async () => {
            const client = aConfidentialClient({ tenantId });
            await clients.create(client);
            return client;
          }),
        remove: (client) => clients.delete(tenantId, client.id),
        list: (page) => clients.list(tenantId, page),
        key: (client) => client.id,
      };
    });
  });
}

function changed(client: StoredClient): StoredClient {
  return {
    ...client,
    metadata: { ...client.metadata, clientName: "Renamed", tokenEndpointAuthMethod: "client_secret_post" },
    secretHash: aHash(),
    secret: aSealed(),
    updatedAt: later(now, 1),
    version: client.version + 1,
  };
}
