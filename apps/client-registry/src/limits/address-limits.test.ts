import { ResourceError } from "@signet/protocol";
import { expect, test } from "vitest";
import { kind, openRegistry } from "../testing/open-registry.ts";
import { createAddressGuard } from "./address-limits.ts";

const limit = { count: 1, windowMilliseconds: 60_000 };
const limits = { tokenFailures: limit, openRegistrations: limit };
const address = "192.0.2.1";

/** Where the store can be asked nothing. */
function guardWithoutStore() {
  const { stores, time } = openRegistry();
  const away = () => Promise.reject(new ResourceError("unavailable", "Redis is away"));
  return createAddressGuard({
    limits,
    rateLimits: { ...stores.rateLimits, take: away },
    clock: () => time.now,
  });
}

test("while the store is away a wrong token is refused as ever, and a right one accepted", async () => {
  const guard = guardWithoutStore();
  const refused = () => Promise.reject(new ResourceError("unauthenticated", "no"));
  for (let times = 0; times < 3; times++) {
    await expect(guard.withToken({ token: "wrong", address }, refused)).rejects.toEqual(kind("unauthenticated"));
  }
  await expect(guard.withToken({ token: "right", address }, async () => "open")).resolves.toBe("open");
});

test("while the store is away nobody registers without a token", async () => {
  await expect(guardWithoutStore().registersOpenly(address)).rejects.toEqual(kind("unavailable"));
});

test("no token is no wrong one, and what is wrong with a request besides its token does not count", async () => {
  const { client } = openRegistry(limits);
  await client.createTenant({ name: "acme" });
  for (let times = 0; times < 3; times++) {
    await expect(client.registerClient({ tenant: "acme", initialAccessToken: "t", address })).rejects.toEqual(kind("forbidden"));
    await expect(client.getRegistration({ tenant: "nobody", address })).rejects.toEqual(kind("not_found"));
  }
  await expect(client.authenticateToken({ token: "wrong", address })).rejects.toEqual(kind("unauthenticated"));
  await expect(client.authenticateToken({ token: "wrong", address })).rejects.toMatchObject({ retryAfterSeconds: 60 });
});

test("where there is no limit nothing is counted", async () => {
  const { client } = openRegistry();
  for (let times = 0; times < 20; times++) {
    await expect(client.authenticateToken({ token: "wrong", address })).rejects.toEqual(kind("unauthenticated"));
  }
});
