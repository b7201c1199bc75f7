import { generateKeyEncryptionKey } from "@signet/sealing";
import { expect, test } from "vitest";
import { openRegistry, redirectUris } from "../testing/open-registry.ts";

const tenant = (index: number) => `tenant-${index}`;

test("K8: RewrapDataKeys lets the new key-encryption key alone tell every secret and registration token, unchanged", async () => {
  const { client, clientWith, sealerOf, keyEncryptionKey, random } = openRegistry();
  const next = generateKeyEncryptionKey(random);
  const made = [];
  for (let index = 0; index < 3; index++) {
    const { registrationToken } = await client.createTenant({ name: tenant(index) });
    const { client: created, clientSecret } = await client.createClient({ tenant: tenant(index), metadata: { redirectUris } });
    made.push({ registrationToken, clientSecret, clientId: created?.clientId ?? "" });
  }

  const both = clientWith(sealerOf(next, keyEncryptionKey));
  const firstPage = await both.rewrapDataKeys({ page: { limit: 2 } });
  expect(firstPage).toMatchObject({ rewrapped: 2, current: 0, unreadable: 0 });
  const secondPage = await both.rewrapDataKeys({ page: { limit: 2, cursor: firstPage.nextCursor } });
  expect(secondPage).toEqual({ rewrapped: 1, current: 0, unreadable: 0, nextCursor: "" });
  expect(await both.rewrapDataKeys({})).toEqual({ rewrapped: 0, current: 3, unreadable: 0, nextCursor: "" });

  const after = clientWith(sealerOf(next));
  for (const [index, { registrationToken, clientSecret, clientId }] of made.entries()) {
    expect(await after.getRegistrationToken({ name: tenant(index) })).toEqual({ registrationToken });
    const shown = await after.getClient({ tenant: tenant(index), clientId, revealSecret: true });
    expect(shown.clientSecret).toBe(clientSecret);
  }
});

test("a replica that has only the old key-encryption key serves what is not sealed, and says what it cannot open", async () => {
  const { client, clientWith, sealerOf, keyEncryptionKey, random } = openRegistry();
  const { registrationToken } = await client.createTenant({ name: "acme" });
  await clientWith(sealerOf(generateKeyEncryptionKey(random), keyEncryptionKey)).rewrapDataKeys({});
  const old = clientWith(sealerOf(keyEncryptionKey));
  expect((await old.getTenant({ name: "acme" })).tenant?.name).toBe("acme");
  expect((await old.authenticateToken({ tenant: "acme", token: registrationToken })).tenant?.name).toBe("acme");
  await expect(old.getRegistrationToken({ name: "acme" })).rejects.toThrow();
  expect(await old.rewrapDataKeys({})).toEqual({ rewrapped: 0, current: 0, unreadable: 1, nextCursor: "" });
});

test.each([{ limit: 201 }, { cursor: "Li4" }, { cursor: "0123456789abcdef" }])("Q9: RewrapDataKeys refuses %j", async (page) => {
  const { client } = openRegistry();
  await expect(client.rewrapDataKeys({ page })).rejects.toMatchObject({ name: "ResourceError", kind: "invalid" });
});
