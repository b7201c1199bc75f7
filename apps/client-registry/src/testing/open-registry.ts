import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "@signet/contracts";
import { createOutbound } from "@signet/outbound";
import { type Instant, instant, type ResourceError } from "@signet/protocol";
import { inProcessClient } from "@signet/rpc";
import { createSealer, generateKeyEncryptionKey, type KeyEncryptionKey, type Sealer } from "@signet/sealing";
import type { RegistryStores } from "@signet/storage";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { expect, onTestFinished } from "vitest";
import { createRegistryService } from "../create-registry-service.ts";
import { type AddressLimits, createAddressGuard } from "../limits/address-limits.ts";

export const redirectUris = ["https://app.example/callback"];

/** A registry on empty stores of its own, called as others call it, with a clock that stands still until it is moved. */
export function openRegistry(limits: AddressLimits = { tokenFailures: undefined, openRegistrations: undefined }) {
  const folder = mkdtempSync(join(tmpdir(), "signet-registry-"));
  const time = { now: instant(1_800_000_000_000) };
  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => {
    stores.close();
    rmSync(folder, { recursive: true });
  });
  const clock = (): Instant => time.now;
  const outbound = createOutbound({ allowedHosts: [], clock });
  const addresses = createAddressGuard({ limits, rateLimits: stores.rateLimits, clock });
  const keyEncryptionKey = generateKeyEncryptionKey(randomBytes);
  const sealerOf = (current: KeyEncryptionKey, ...earlier: KeyEncryptionKey[]) =>
    createSealer({
      dataKeys: stores.registryDataKeys,
      keyEncryptionKey: current,
      earlierKeyEncryptionKeys: earlier,
      random: randomBytes,
    });
  /** Another replica, with key-encryption keys of its own, or with stores that fail. */
  const clientWith = (sealer: Sealer, replicaStores: RegistryStores = stores) =>
    inProcessClient<registry.ClientRegistryServiceClient>(
      registry.ClientRegistryServiceDefinition,
      createRegistryService({ stores: replicaStores, sealer, clock, random: randomBytes, outbound, addresses }),
    );
  const sealer = sealerOf(keyEncryptionKey);
  return {
    client: clientWith(sealer),
    clientWith,
    keyEncryptionKey,
    stores,
    sealer,
    sealerOf,
    random: randomBytes,
    outbound,
    addresses,
    time,
    folder,
  };
}

/** A `ResourceError` of that kind, whatever else it says. */
export const kind = (kind: ResourceError["kind"]) => expect.objectContaining({ name: "ResourceError", kind });

/** What a promise was rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => {
      throw new Error("it was meant to be refused");
    },
    (error: unknown) => error,
  );
}
