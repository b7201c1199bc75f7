import { randomBytes } from "node:crypto";
import { registry } from "@signet/contracts";
import { later, parseTenantId } from "@signet/protocol";
import { expect, test } from "vitest";
import { kind, openRegistry } from "../testing/open-registry.ts";
import { parseRefusalId } from "./refusal-message.ts";

const aRefusal = (changes: Partial<registry.Refusal> = {}): registry.Refusal =>
  registry.Refusal.fromPartial({
    id: randomBytes(9).toString("hex"),
    tenant: "acme",
    method: "POST",
    endpoint: "/oauth2/v1/token",
    status: 400,
    error: "invalid_grant",
    description: "the code is not known",
    explanation: { rule: "the code is known", expected: "a code", sent: "[masked]" },
    clientId: "59dd29d8574e741c966c73f0",
    parameters: [{ name: "grant_type", value: "authorization_code" }],
    otherParameters: 2,
    unkept: 3,
    ...changes,
  });

async function withTenants() {
  const opened = openRegistry();
  for (const name of ["acme", "other"]) await opened.client.createTenant({ name });
  return opened;
}

test("a refusal is told with all that was recorded of it, and the time", async () => {
  const { client, time } = await withTenants();
  const refusal = aRefusal();
  await client.recordRefusals({ refusals: [refusal] });
  expect((await client.getRefusal({ tenant: "acme", id: refusal.id })).refusal).toEqual({ ...refusal, at: time.now });
});

test("another tenant's refusal is as unknown as one that there never was", async () => {
  const { client } = await withTenants();
  const { id, ...refusal } = aRefusal();
  await client.recordRefusals({ refusals: [{ id, ...refusal }] });
  for (const asked of [
    { tenant: "other", id },
    { tenant: "acme", id: "0".repeat(18) },
    { tenant: "acme", id: "x" },
    { tenant: "nowhere", id },
  ]) {
    await expect(client.getRefusal(asked)).rejects.toEqual(kind("not_found"));
  }
});

test("a refusal is kept for a day, and goes with its tenant", async () => {
  const { client, time, stores } = await withTenants();
  const refusal = aRefusal();
  await client.recordRefusals({ refusals: [refusal] });
  time.now = later(time.now, 24 * 3_600_000);
  await expect(client.getRefusal({ tenant: "acme", id: refusal.id })).rejects.toEqual(kind("not_found"));
  const { tenant } = await client.getTenant({ name: "acme" });
  const second = aRefusal();
  await client.recordRefusals({ refusals: [second] });
  await client.deleteTenant({ name: "acme" });
  const [tenantId, id] = [parseTenantId(tenant?.id ?? ""), parseRefusalId(second.id)];
  expect(tenantId && id && (await stores.refusals.find(tenantId, id, time.now))).toBeUndefined();
  expect([tenantId, id]).not.toContain(undefined);
});

test("what names no tenant, or has no id of a request, is left out, and the others are kept", async () => {
  const { client } = await withTenants();
  const good = aRefusal();
  await client.recordRefusals({
    refusals: [aRefusal({ tenant: "nowhere" }), aRefusal({ tenant: "" }), aRefusal({ id: "../x" }), good],
  });
  expect((await client.getRefusal({ tenant: "acme", id: good.id })).refusal?.id).toBe(good.id);
});

test("K7: whoever sent it, what is kept is masked and cut off", async () => {
  const { client } = await withTenants();
  const secret = randomBytes(32).toString("base64url");
  const long = "x ".repeat(5_000);
  const refusal = aRefusal({
    description: secret,
    error: secret,
    clientId: secret,
    explanation: { rule: secret, expected: long, sent: secret },
    parameters: Array.from({ length: 200 }, () => ({ name: secret, value: secret })),
  });
  await client.recordRefusals({ refusals: [refusal] });
  const { refusal: kept } = await client.getRefusal({ tenant: "acme", id: refusal.id });
  const told = JSON.stringify(kept);
  expect(told).not.toContain(secret);
  expect(told.length).toBeLessThan(8_000);
  expect([kept?.parameters.length, kept?.otherParameters]).toEqual([64, 138]);
});

test("more than 64 at once are refused", async () => {
  const { client } = await withTenants();
  const refusals = Array.from({ length: 65 }, () => aRefusal());
  await expect(client.recordRefusals({ refusals })).rejects.toEqual(kind("invalid"));
});
