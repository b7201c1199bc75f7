import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hashSecret, instant, later, parseClientId, parseTenantId } from "@signet/protocol";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { createLogger } from "@signet/telemetry";
import { expect, onTestFinished, test, vi } from "vitest";
import { startSweep } from "./sweep.ts";

const now = instant(1_800_000_000_000);

/** Stores with `count` access tokens that have just expired, and a sweep of them in a time that the test moves. */
async function startWithExpired(count: number) {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  const folder = mkdtempSync(join(tmpdir(), "signet-standalone-"));
  const stores = openEmbeddedStores({ folder });
  const [tenantId, clientId] = [parseTenantId("0011223344556677"), parseClientId("00112233445566778899aabb")];
  if (tenantId === undefined || clientId === undefined) throw new Error("the ids were meant to be valid");
  for (let saved = 0; saved < count; saved++) {
    const hash = hashSecret(`token ${saved}`);
    await stores.accessTokens.save({ hash, tenantId, clientId, scopes: [], issuedAt: later(now, -1000), expiresAt: now });
  }
  const lines: string[] = [];
  const sweep = startSweep(stores, () => now, createLogger("error", { write: (line) => lines.push(line) }));
  onTestFinished(() => {
    sweep.stop();
    stores.close();
    rmSync(folder, { recursive: true });
    vi.useRealTimers();
  });
  return { stores, sweep, lines };
}

test("what has expired is gone within moments, also where it is more than one step deletes", async () => {
  const { stores } = await startWithExpired(1000);
  vi.advanceTimersByTime(1_100);
  expect(stores.sweep(now)).toEqual({ deleted: 0, finished: true });
});

test("a sweep that fails is logged, and tried again half a minute later", async () => {
  const { stores, lines } = await startWithExpired(1);
  stores.close();
  vi.advanceTimersByTime(30_999);
  expect(lines).toHaveLength(1);
  vi.advanceTimersByTime(1);
  expect(lines).toHaveLength(2);
});

test("a stopped sweep deletes nothing", async () => {
  const { stores, sweep } = await startWithExpired(1);
  sweep.stop();
  vi.advanceTimersByTime(60_000);
  expect(stores.sweep(now)).toEqual({ deleted: 1, finished: true });
});
