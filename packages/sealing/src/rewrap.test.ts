import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { newTenantId, type TenantId } from "@signet/protocol";
import type { DataKeyStore, Sealed, WrappedKey } from "@signet/storage";
import { openEmbeddedStores } from "@signet/storage-embedded";
import fc from "fast-check";
import { expect, onTestFinished, test } from "vitest";
import { generateKeyEncryptionKey, type KeyEncryptionKey } from "./key-encryption-key.ts";
import { createSealer, type Sealer } from "./sealer.ts";

const random = randomBytes;
const first = generateKeyEncryptionKey(random);
const second = generateKeyEncryptionKey(random);
const third = generateKeyEncryptionKey(random);

/** An empty store of its own. */
function openDataKeys(): DataKeyStore {
  const folder = mkdtempSync(join(tmpdir(), "signet-rewrap-"));
  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => {
    stores.close();
    rmSync(folder, { recursive: true });
  });
  return stores.registryDataKeys;
}

/** A replica: it wraps by the first of the keys, and knows the others. */
function sealerOf(dataKeys: DataKeyStore, keyEncryptionKey: KeyEncryptionKey, ...earlier: KeyEncryptionKey[]): Sealer {
  return createSealer({ dataKeys, keyEncryptionKey, earlierKeyEncryptionKeys: earlier, random });
}

interface SealedText {
  readonly tenant: TenantId;
  readonly sealed: Sealed;
  readonly plaintext: string;
}

/** One text for each of so many new tenants, one in a turn of the event loop, so that others get theirs in between. */
async function sealTexts(sealer: Sealer, count: number): Promise<SealedText[]> {
  const texts: SealedText[] = [];
  for (let index = 0; index < count; index++) {
    const [tenant, plaintext] = [newTenantId(random), `text ${index}`];
    texts.push({ tenant, plaintext, sealed: await sealer.seal(tenant, plaintext, "x") });
    await setImmediate();
  }
  return texts;
}

async function expectOpened(sealer: Sealer, texts: readonly SealedText[]): Promise<void> {
  const opened = await Promise.all(texts.map(({ tenant, sealed }) => sealer.open(tenant, sealed, "x")));
  expect(opened).toEqual(texts.map(({ plaintext }) => plaintext));
}

/** Every page, and the sum of what they say. */
async function rewrapAll(sealer: Sealer, limit = 50) {
  const sum = { rewrapped: 0, current: 0, unreadable: 0 };
  let cursor: string | undefined;
  do {
    const page = await sealer.rewrap(cursor === undefined ? { limit } : { limit, cursor });
    sum.rewrapped += page.rewrapped;
    sum.current += page.current;
    sum.unreadable += page.unreadable;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return sum;
}

test("K8: after a rewrap the new key-encryption key alone opens everything, and the old one alone nothing", async () => {
  const dataKeys = openDataKeys();
  const texts = await sealTexts(sealerOf(dataKeys, first), 7);
  expect(await rewrapAll(sealerOf(dataKeys, second, first), 3)).toEqual({ rewrapped: 7, current: 0, unreadable: 0 });
  await expectOpened(sealerOf(dataKeys, second), texts);
  for (const { tenant, sealed } of texts) {
    await expect(sealerOf(dataKeys, first).open(tenant, sealed, "x")).rejects.toMatchObject({ reason: "unknown_key" });
  }
});

test("a replica that holds data keys goes on through a rewrap, and what it seals the new key-encryption key opens", async () => {
  const dataKeys = openDataKeys();
  const old = sealerOf(dataKeys, first);
  const texts = await sealTexts(old, 3);
  await rewrapAll(sealerOf(dataKeys, second, first));
  await expectOpened(old, texts);
  const again = await Promise.all(
    texts.map(async (text) => ({ ...text, sealed: await old.seal(text.tenant, text.plaintext, "x") })),
  );
  await expectOpened(sealerOf(dataKeys, second), again);
});

test("nothing to rewrap is nothing to count", async () => {
  expect(await sealerOf(openDataKeys(), first).rewrap({ limit: 10 })).toEqual({ rewrapped: 0, current: 0, unreadable: 0 });
});

test("a rewrap is done once, however often and in whatever pages it runs", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.nat(12),
      fc.nat(12),
      fc.array(fc.integer({ min: 1, max: 15 }), { minLength: 1, maxLength: 3 }),
      async (before, after, limits) => {
        const dataKeys = openDataKeys();
        const replica = sealerOf(dataKeys, second, first);
        const texts = [...(await sealTexts(sealerOf(dataKeys, first), before)), ...(await sealTexts(replica, after))];
        const stored = async () => (await dataKeys.list({ limit: 100 })).items;
        expect(await rewrapAll(replica, limits[0])).toEqual({ rewrapped: before, current: after, unreadable: 0 });
        const once = await stored();
        for (const limit of limits) {
          expect(await rewrapAll(replica, limit)).toEqual({ rewrapped: 0, current: before + after, unreadable: 0 });
        }
        expect(await stored()).toEqual(once);
        await expectOpened(sealerOf(dataKeys, second), texts);
      },
    ),
    { numRuns: 20 },
  );
});

test("what no configured key-encryption key opens is counted, stays as it is, and stops nothing else", async () => {
  const dataKeys = openDataKeys();
  const strange = await sealTexts(sealerOf(dataKeys, third), 2);
  const broken = newTenantId(random);
  await dataKeys.establish(broken, "no wrapped key" as WrappedKey);
  const copied = newTenantId(random);
  await dataKeys.establish(copied, (await dataKeys.find(strange[0]?.tenant ?? broken)) ?? ("" as WrappedKey));
  const texts = await sealTexts(sealerOf(dataKeys, first), 3);
  expect(await rewrapAll(sealerOf(dataKeys, second, first), 2)).toEqual({ rewrapped: 3, current: 0, unreadable: 4 });
  await expectOpened(sealerOf(dataKeys, second), texts);
  await expectOpened(sealerOf(dataKeys, third), strange);
  expect(await rewrapAll(sealerOf(dataKeys, second, third))).toEqual({ rewrapped: 2, current: 3, unreadable: 2 });
});

test("of rewraps at several replicas at once each data key is rewrapped by one", async () => {
  const dataKeys = openDataKeys();
  const texts = await sealTexts(sealerOf(dataKeys, first), 60);
  const sums = await Promise.all(Array.from({ length: 4 }, () => rewrapAll(sealerOf(dataKeys, second, first), 7)));
  expect(sums.reduce((sum, { rewrapped }) => sum + rewrapped, 0)).toBe(60);
  for (const { rewrapped, current } of sums) expect(rewrapped + current).toBe(60);
  await expectOpened(sealerOf(dataKeys, second), texts);
});

test("100 tenants that are made while a rewrap runs lose nothing", async () => {
  const dataKeys = openDataKeys();
  const before = await sealTexts(sealerOf(dataKeys, first), 50);
  const replica = sealerOf(dataKeys, second, first);
  const [made, { rewrapped, current }] = await Promise.all([sealTexts(replica, 100), rewrapAll(replica, 1)]);
  expect(rewrapped).toBe(50);
  expect(current).toBeGreaterThan(0);
  expect(await rewrapAll(replica)).toEqual({ rewrapped: 0, current: 150, unreadable: 0 });
  await expectOpened(sealerOf(dataKeys, second), [...before, ...made]);
});

test("what a replica of the old key-encryption key makes during a rewrap, the next one finds", async () => {
  const dataKeys = openDataKeys();
  const replica = sealerOf(dataKeys, second, first);
  const [made, during] = await Promise.all([sealTexts(sealerOf(dataKeys, first), 40), rewrapAll(replica, 1)]);
  expect(during.rewrapped).toBeLessThan(40);
  expect(during.rewrapped + (await rewrapAll(replica)).rewrapped).toBe(40);
  expect(await rewrapAll(replica)).toEqual({ rewrapped: 0, current: 40, unreadable: 0 });
  await expectOpened(sealerOf(dataKeys, second), made);
});

test("a tenant that is deleted between the reading and the writing of its data key does not come back", async () => {
  const dataKeys = openDataKeys();
  const texts = await sealTexts(sealerOf(dataKeys, first), 4);
  const deleting: DataKeyStore = {
    ...dataKeys,
    async replace(tenant, current, replacement) {
      if (tenant === texts[0]?.tenant) await dataKeys.deleteTenant(tenant);
      return await dataKeys.replace(tenant, current, replacement);
    },
  };
  expect(await rewrapAll(sealerOf(deleting, second, first))).toEqual({ rewrapped: 3, current: 0, unreadable: 0 });
  expect(await dataKeys.find(texts[0]?.tenant ?? newTenantId(random))).toBeUndefined();
});

test("a key-encryption key may be taken back: the one before becomes the current one again", async () => {
  const dataKeys = openDataKeys();
  const texts = await sealTexts(sealerOf(dataKeys, first), 5);
  await rewrapAll(sealerOf(dataKeys, second, first), 2);
  expect(await rewrapAll(sealerOf(dataKeys, first, second))).toEqual({ rewrapped: 5, current: 0, unreadable: 0 });
  await expectOpened(sealerOf(dataKeys, first), texts);
});
