import { randomBytes } from "node:crypto";
import { generateKeyEncryptionKey } from "@signet/sealing";
import { expect, test } from "vitest";
import { kind, openRegistry } from "../testing/open-registry.ts";
import { serveRegistry } from "../testing/serve-registry.ts";

const hex = (secret: Uint8Array) => Buffer.from(secret).toString("hex");

test("a tenant's secret is made when it is first asked for, and is always the same 32 bytes, at every replica", async () => {
  const { client, clientWith, sealer } = openRegistry();
  await client.createTenant({ name: "acme" });
  const replicas = Array.from({ length: 10 }, () => clientWith(sealer));
  const replies = await Promise.all(replicas.map((replica) => replica.getSubjectSecret({ name: "acme" })));
  const secrets = new Set(replies.map(({ secret }) => hex(secret)));
  expect(secrets.size).toBe(1);
  expect([...secrets][0]).toMatch(/^[0-9a-f]{64}$/);
});

test("each tenant has another, also one that has the name of a deleted one", async () => {
  const { client } = openRegistry();
  const secretOf = async (name: string) => hex((await client.getSubjectSecret({ name })).secret);
  await client.createTenant({ name: "acme" });
  await client.createTenant({ name: "other" });
  const first = await secretOf("acme");
  await client.deleteTenant({ name: "acme" });
  await expect(secretOf("acme")).rejects.toEqual(kind("not_found"));
  await client.createTenant({ name: "acme" });
  expect(new Set([first, await secretOf("acme"), await secretOf("other")]).size).toBe(3);
});

test("K8: it is stored sealed, is gone with its tenant, and stays when the key-encryption key changes", async () => {
  const { client, clientWith, stores, sealerOf, keyEncryptionKey } = openRegistry();
  await client.createTenant({ name: "acme" });
  const { secret } = await client.getSubjectSecret({ name: "acme" });
  const [tenant] = (await stores.tenants.list({ limit: 1 })).items;
  if (tenant === undefined) throw new Error("there is a tenant");
  const sealed = await stores.subjectSecrets.find(tenant.id);
  expect(sealed).toMatch(/^v1\./);
  for (const form of ["hex", "base64", "base64url"] as const) expect(sealed).not.toContain(Buffer.from(secret).toString(form));

  const replica = clientWith(sealerOf(generateKeyEncryptionKey(randomBytes), keyEncryptionKey));
  await replica.rewrapDataKeys({ page: { limit: 10 } });
  expect(hex((await replica.getSubjectSecret({ name: "acme" })).secret)).toBe(hex(secret));

  await client.deleteTenant({ name: "acme" });
  expect(await stores.subjectSecrets.find(tenant.id)).toBeUndefined();
});

test("H1: only the services that tell users to clients get it", async () => {
  const { clientAs } = await serveRegistry();
  await clientAs("gateway").createTenant({ name: "acme" });
  for (const name of ["auth", "token"] as const) {
    expect((await clientAs(name).getSubjectSecret({ name: "acme" })).secret).toHaveLength(32);
  }
  for (const name of ["gateway", "billing", "provisioning"] as const) {
    await expect(clientAs(name).getSubjectSecret({ name: "acme" })).rejects.toEqual(kind("forbidden"));
  }
});
