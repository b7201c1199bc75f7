import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type EmbeddedStores, type EmbeddedStoresOptions, openEmbeddedStores } from "../embedded-stores.ts";

/** A new folder, which is deleted at the end of the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "signet-storage-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Stores in a new folder, closed at the end of the test. */
export function temporaryStores(options?: Omit<EmbeddedStoresOptions, "folder">): EmbeddedStores {
  const stores = openEmbeddedStores({ folder: temporaryFolder(), ...options });
  onTestFinished(() => stores.close());
  return stores;
}
