import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { newTenantId, signingAlgorithms } from "@signet/protocol";
import type { SigningKeyStore } from "@signet/storage";
import { createLocalJWKSet, type JSONWebKeySet, jwtVerify } from "jose";
import { expect, test } from "vitest";
import { signJws } from "../signing/jws.ts";
import { openTokenService } from "../testing/token-service.ts";
import { createKeyRings } from "./key-rings.ts";

const tenant = newTenantId(randomBytes);

/** Two replicas over the same store; `loads` counts how often it was read. */
function openReplicas() {
  const { stores, sealer, clock, advance, folder } = openTokenService();
  const { signingKeys } = stores;
  const loads = { count: 0 };
  const store: SigningKeyStore = {
    ...signingKeys,
    list(id) {
      loads.count++;
      return signingKeys.list(id);
    },
  };
  const open = (isShared = true) => createKeyRings({ store, sealer, clock, isShared });
  return { one: open(), other: open(), alone: open(false), folder, advance, loads };
}

test("X17: of many that need a key for the first time at once, in every replica, all get the same one", async () => {
  const { one, other } = openReplicas();
  const keys = await Promise.all(
    Array.from({ length: 20 }, (_, index) => (index % 2 === 0 ? one : other).signingKey(tenant, "ES256")),
  );
  expect(new Set(keys.map(({ jwk }) => jwk.kid)).size).toBe(1);
});

test("a key that was made before is the one that is used after", async () => {
  const { one, other } = openReplicas();
  for (const algorithm of signingAlgorithms) {
    const { jwk } = await one.signingKey(tenant, algorithm);
    expect((await other.signingKey(tenant, algorithm)).jwk).toEqual(jwk);
  }
});

test("what one replica signs another verifies, and relying parties with the published keys", async () => {
  const { one, other } = openReplicas();
  const key = await one.signingKey(tenant, "PS256");
  expect(await other.verificationKey(tenant, key.headers["at+jwt"], "at+jwt")).toHaveProperty("jwk", key.jwk);
  const jwks: JSONWebKeySet = JSON.parse(await other.jwks(tenant));
  expect((await jwtVerify(await signJws("JWT", { sub: "ada" }, key), createLocalJWKSet(jwks))).payload).toEqual({ sub: "ada" });
});

test("F8: the header of one type finds no key for the other", async () => {
  const { one } = openReplicas();
  const { headers } = await one.signingKey(tenant, "ES256");
  expect(await one.verificationKey(tenant, headers.JWT, "at+jwt")).toBeUndefined();
});

test("K1: the published keys have no private members, and each has its kid, its use and its algorithm", async () => {
  const { one } = openReplicas();
  for (const algorithm of signingAlgorithms) await one.signingKey(tenant, algorithm);
  const { keys }: { keys: Record<string, unknown>[] } = JSON.parse(await one.jwks(tenant));
  expect(keys.map(({ alg }) => alg).sort()).toEqual([...signingAlgorithms].sort());
  for (const key of keys) {
    expect(key).toMatchObject({ use: "sig", kid: expect.stringMatching(/^[A-Za-z0-9_-]{43}$/) });
    for (const member of ["d", "p", "q", "dp", "dq", "qi", "oth", "k"]) expect(key).not.toHaveProperty(member);
  }
});

test.each(signingAlgorithms)("K8: no form of a private key for %s stands in the database", async (algorithm) => {
  const { one, folder } = openReplicas();
  const { jwk, privateKey } = await one.signingKey(tenant, algorithm);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
  expect(contents.includes(jwk.kid)).toBe(true);
  const { d = "", p = "", q = "", dp = "", dq = "", qi = "" } = privateKey.export({ format: "jwk" });
  for (const member of [d, p, q, dp, dq, qi].filter((value) => value !== "")) {
    expect(contents.includes(member)).toBe(false);
    expect(contents.includes(Buffer.from(member, "base64url"))).toBe(false);
  }
  const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  for (const line of pem.trimEnd().split("\n")) expect(contents.includes(line)).toBe(false);
});

test("the published keys are never empty: the first request for them makes one for RS256", async () => {
  const { one } = openReplicas();
  expect(JSON.parse(await one.jwks(tenant))).toEqual({ keys: [expect.objectContaining({ kty: "RSA", alg: "RS256" })] });
});

test("T4: two tenants have no key in common", async () => {
  const { one } = openReplicas();
  const other = newTenantId(randomBytes);
  const kidsOf = (jwks: string): string[] => {
    const { keys }: JSONWebKeySet = JSON.parse(jwks);
    return keys.map(({ kid = "" }) => kid);
  };
  const kids = [...kidsOf(await one.jwks(tenant)), ...kidsOf(await one.jwks(other))];
  expect(new Set(kids).size).toBe(2);
});

test("a key that another replica made is published, and verified with, at once", async () => {
  const { one, other } = openReplicas();
  await one.jwks(tenant);
  const { jwk, headers } = await other.signingKey(tenant, "EdDSA");
  expect(await one.verificationKey(tenant, headers["at+jwt"], "at+jwt")).toHaveProperty("jwk", jwk);
  const { jwk: another } = await other.signingKey(tenant, "ES256");
  expect(JSON.parse(await one.jwks(tenant)).keys).toContainEqual(another);
});

test("headers that no key writes are looked for in the store, however many at once, one time after the other", async () => {
  const { one, loads } = openReplicas();
  await one.signingKey(tenant, "ES256");
  await one.jwks(tenant);
  const before = loads.count;
  const found = Array.from({ length: 50 }, (_, index) => one.verificationKey(tenant, `unknown-${index}`, "at+jwt"));
  expect(new Set(await Promise.all(found))).toEqual(new Set([undefined]));
  expect(loads.count).toBe(before + 2);
});

test("who is alone on the store reads the keys once, and knows those that it makes", async () => {
  const { alone, loads } = openReplicas();
  await alone.jwks(tenant);
  const { headers } = await alone.signingKey(tenant, "ES256");
  await alone.jwks(tenant);
  const before = loads.count;
  expect(await alone.verificationKey(tenant, "unknown", "at+jwt")).toBeUndefined();
  expect(await alone.verificationKey(tenant, headers["at+jwt"], "at+jwt")).toBeDefined();
  expect(JSON.parse(await alone.jwks(tenant)).keys).toHaveLength(2);
  expect(loads.count).toBe(before);
});

test("known headers and signing keys are found without the store, however old they are", async () => {
  const { one, advance, loads } = openReplicas();
  const { headers } = await one.signingKey(tenant, "ES256");
  await one.verificationKey(tenant, headers["at+jwt"], "at+jwt");
  const before = loads.count;
  advance(24 * 3600 * 1000);
  await one.signingKey(tenant, "ES256");
  expect(await one.verificationKey(tenant, headers["at+jwt"], "at+jwt")).toBeDefined();
  expect(loads.count).toBe(before);
});

test("what failed is tried again by the next who asks", async () => {
  const { stores, sealer, clock } = openTokenService();
  let isDown = true;
  const store: SigningKeyStore = {
    ...stores.signingKeys,
    async list(id) {
      if (isDown) throw new Error("the store is down");
      return stores.signingKeys.list(id);
    },
  };
  const rings = createKeyRings({ store, sealer, clock, isShared: true });
  await expect(rings.signingKey(tenant, "ES256")).rejects.toThrow("the store is down");
  await expect(rings.jwks(tenant)).rejects.toThrow("the store is down");
  isDown = false;
  expect(JSON.parse(await rings.jwks(tenant)).keys).toHaveLength(1);
  expect(await rings.signingKey(tenant, "ES256")).toHaveProperty("jwk");
});
