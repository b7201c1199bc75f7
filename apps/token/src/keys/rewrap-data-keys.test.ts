import { randomBytes } from "node:crypto";
import { generateKeyEncryptionKey } from "@signet/sealing";
import { expect, test } from "vitest";
import { openTokenService } from "../testing/token-service.ts";

test("K8: RewrapDataKeys keeps every signing key: the new key-encryption key alone signs on, and old tokens stay valid", async () => {
  const service = openTokenService();
  const tenants = ["default", "acme", "umbrella"].map((name) => service.addTenant(name));
  const people = [];
  for (const tenant of tenants) {
    const client = service.addClient(tenant);
    const { accessToken, refreshToken } = await service.redeem(tenant, client, service.addCode(service.addUser()).code);
    people.push({ tenant, client, accessToken, refreshToken, jwks: await service.jwks(tenant) });
  }

  const [old, next] = [service.keyEncryptionKey, generateKeyEncryptionKey(randomBytes)];
  service.restart(next, old);
  const firstPage = await service.tokens.rewrapDataKeys({ page: { limit: 2 } });
  expect(firstPage).toMatchObject({ rewrapped: 2, current: 0, unreadable: 0 });
  const secondPage = await service.tokens.rewrapDataKeys({ page: { limit: 2, cursor: firstPage.nextCursor } });
  expect(secondPage).toEqual({ rewrapped: 1, current: 0, unreadable: 0, nextCursor: "" });

  service.restart(next);
  for (const { tenant, client, accessToken, refreshToken, jwks } of people) {
    expect(await service.userInfo(tenant, accessToken)).toHaveProperty("sub");
    expect(await service.refresh(tenant, client, refreshToken)).toHaveProperty("idToken");
    expect(await service.jwks(tenant)).toEqual(jwks);
  }
});

test("a replica that has only the old key-encryption key publishes keys and verifies tokens, and cannot sign", async () => {
  const service = openTokenService();
  const tenant = service.addTenant();
  const client = service.addClient(tenant);
  const { accessToken, refreshToken } = await service.redeem(tenant, client, service.addCode(service.addUser()).code);
  const [old, next] = [service.keyEncryptionKey, generateKeyEncryptionKey(randomBytes)];
  service.restart(next, old);
  await service.tokens.rewrapDataKeys({});

  service.restart(old);
  expect((await service.jwks(tenant)).keys).toHaveLength(1);
  expect(await service.userInfo(tenant, accessToken)).toHaveProperty("sub");
  await expect(service.refresh(tenant, client, refreshToken)).rejects.toThrow();
  await expect(service.sealer.seal(tenant.id, "x", "x")).rejects.toThrow(
    `the data key is wrapped by the key-encryption key ${next.id}, which is not configured`,
  );
  expect(await service.tokens.rewrapDataKeys({})).toEqual({ rewrapped: 0, current: 0, unreadable: 1, nextCursor: "" });
});

test("Q9: RewrapDataKeys refuses a page that cannot be", async () => {
  const { tokens } = openTokenService();
  for (const page of [{ limit: 201 }, { cursor: "Li4" }, { cursor: "0123456789abcdef" }]) {
    await expect(tokens.rewrapDataKeys({ page })).rejects.toMatchObject({ name: "ResourceError", kind: "invalid" });
  }
});
