import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { registry } from "@signet/contracts";
import { type Instant, instant } from "@signet/protocol";
import { inProcessClient } from "@signet/rpc";
import { createSealer, generateKeyEncryptionKey } from "@signet/sealing";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { onTestFinished } from "vitest";
import { createRegistryService } from "../create-registry-service.ts";

export const redirectUris = ["https://app.example/callback"];

/** A registry on empty stores of its own, called as others call it, with a clock that stands still until it is moved. */
export function openRegistry() {
  const folder = mkdtempSync(join(tmpdir(), "signet-registry-"));
  const time = { now: instant(1_800_000_000_000) };
  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => {
    stores.close();
    rmSync(folder, { recursive: true });
  });
  const keyEncryptionKey = generateKeyEncryptionKey(randomBytes);
  const sealer = createSealer({ dataKeys: stores.registryDataKeys, keyEncryptionKey, random: randomBytes });
  const service = createRegistryService({ stores, sealer, clock: (): Instant => time.now, random: randomBytes });
  const client = inProcessClient<registry.ClientRegistryServiceClient>(registry.ClientRegistryServiceDefinition, service);
  return { client, stores, sealer, random: randomBytes, time, folder };
}

/** What a promise was rejected with. */
export async function errorOf(promise: Promise<unknown>): Promise<unknown> {
  return await promise.then(
    () => {
      throw new Error("it was meant to be refused");
    },
    (error: unknown) => error,
  );
}
