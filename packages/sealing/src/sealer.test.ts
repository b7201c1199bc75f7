import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { newTenantId, type TenantId } from "@signet/protocol";
import type { DataKeyStore, Sealed, WrappedKey } from "@signet/storage";
import { openEmbeddedStores } from "@signet/storage-embedded";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { generateKeyEncryptionKey } from "./key-encryption-key.ts";
import { createSealer } from "./sealer.ts";
import { SealingError, type SealingErrorReason } from "./sealing-error.ts";

const random = randomBytes;
const tenant = newTenantId(random);
const keyEncryptionKey = generateKeyEncryptionKey(random);

let dataKeys: DataKeyStore;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), "signet-sealing-"));
  const stores = openEmbeddedStores({ folder });
  dataKeys = stores.registryDataKeys;
  return () => {
    stores.close();
    rmSync(folder, { recursive: true });
  };
});

const sealerOf = (key = keyEncryptionKey, earlier: (typeof keyEncryptionKey)[] = []) =>
  createSealer({ dataKeys, keyEncryptionKey: key, earlierKeyEncryptionKeys: earlier, random });

async function reasonOf(opened: Promise<string>): Promise<SealingErrorReason | string> {
  try {
    return `opened: ${await opened}`;
  } catch (error) {
    if (error instanceof SealingError) return error.reason;
    throw error;
  }
}

/** The sealed text with one bit of its bytes turned. */
function tampered(sealed: Sealed, index: number): Sealed {
  const bytes = Buffer.from(sealed.slice("v1.".length), "base64url");
  bytes.writeUInt8(bytes.readUInt8(index % bytes.length) ^ 1, index % bytes.length);
  return `v1.${bytes.toString("base64url")}` as Sealed;
}

describe("a sealer", () => {
  test("opens what it sealed, and so does another with the same key", async () => {
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: "grapheme" }), fc.string(), async (plaintext, context) => {
        const sealed = await sealerOf().seal(tenant, plaintext, context);
        expect(sealed).toMatch(/^v1\.[A-Za-z0-9_-]+$/);
        expect(await sealerOf().open(tenant, sealed, context)).toBe(plaintext);
      }),
      { numRuns: 30 },
    );
  });

  test("says that it cannot open a tenant's data key, where there is one", async () => {
    await sealerOf().seal(tenant, "plaintext", "x");
    await sealerOf().check(tenant);
    const other = sealerOf(generateKeyEncryptionKey(random));
    await expect(other.check(tenant)).rejects.toMatchObject({ reason: "unknown_key" });
    await other.check(newTenantId(random));
  });

  test("seals the same text to another one each time, in which it does not stand", async () => {
    const sealer = sealerOf();
    const [one, other] = [await sealer.seal(tenant, "plaintext", "x"), await sealer.seal(tenant, "plaintext", "x")];
    expect(one).not.toBe(other);
    expect(Buffer.from(one.slice(3), "base64url").includes("plaintext")).toBe(false);
  });

  test("opens nothing in another context", async () => {
    const sealer = sealerOf();
    const sealed = await sealer.seal(tenant, "plaintext", "client-secret:1");
    for (const context of ["client-secret:2", "client-secret:", "", 'client-secret:1","']) {
      expect(await reasonOf(sealer.open(tenant, sealed, context))).toBe("refused");
    }
  });

  test("opens nothing for another tenant, not even with that tenant's data key in the place of the other", async () => {
    const sealer = sealerOf();
    const other = newTenantId(random);
    const sealed = await sealer.seal(tenant, "plaintext", "x");
    await sealer.seal(other, "plaintext", "x");
    expect(await reasonOf(sealer.open(other, sealed, "x"))).toBe("refused");

    const third = newTenantId(random);
    await dataKeys.establish(third, (await dataKeys.find(tenant)) ?? ("" as WrappedKey));
    expect(await reasonOf(sealer.open(third, sealed, "x"))).toBe("refused");
  });

  test("opens nothing of which a bit was changed", async () => {
    const sealer = sealerOf();
    const sealed = await sealer.seal(tenant, "plaintext", "x");
    const length = Buffer.from(sealed.slice(3), "base64url").length;
    for (let index = 0; index < length; index++) {
      expect([index, await reasonOf(sealer.open(tenant, tampered(sealed, index), "x"))]).toEqual([index, "refused"]);
    }
  });

  test("opens nothing that was cut off or added to", async () => {
    const sealer = sealerOf();
    const bytes = Buffer.from((await sealer.seal(tenant, "plaintext", "x")).slice(3), "base64url");
    for (const changed of [bytes.subarray(0, -1), bytes.subarray(1), Buffer.concat([bytes, Buffer.alloc(1)])]) {
      expect(await reasonOf(sealer.open(tenant, `v1.${changed.toString("base64url")}` as Sealed, "x"))).toBe("refused");
    }
  });

  test.each(["", "v1", "v1.", "v2.AAAA", "v1.AAAA", "v1.A+/=", "plaintext", "v1.AAAA.AAAA"])(
    "calls %j malformed",
    async (text) => {
      const sealer = sealerOf();
      await sealer.seal(tenant, "x", "x");
      expect(await reasonOf(sealer.open(tenant, text as Sealed, "x"))).toBe("malformed");
    },
  );

  test("without the key-encryption key opens and seals nothing", async () => {
    const sealed = await sealerOf().seal(tenant, "plaintext", "x");
    const stranger = sealerOf(generateKeyEncryptionKey(random));
    expect(await reasonOf(stranger.open(tenant, sealed, "x"))).toBe("unknown_key");
    expect(await reasonOf(stranger.seal(tenant, "plaintext", "x"))).toBe("unknown_key");
  });

  test("refuses a data key that another key wrapped under this one's id", async () => {
    const sealed = await sealerOf().seal(tenant, "plaintext", "x");
    const impostor = { id: keyEncryptionKey.id, key: generateKeyEncryptionKey(random).key };
    expect(await reasonOf(sealerOf(impostor).open(tenant, sealed, "x"))).toBe("refused");
  });

  test("opens what was sealed under an earlier key-encryption key, and goes on under the data key that there is", async () => {
    const sealed = await sealerOf().seal(tenant, "plaintext", "x");
    const next = generateKeyEncryptionKey(random);
    const renewed = sealerOf(next, [keyEncryptionKey]);
    expect(await renewed.open(tenant, sealed, "x")).toBe("plaintext");
    expect(await sealerOf().open(tenant, await renewed.seal(tenant, "again", "x"), "x")).toBe("again");

    const newcomer = newTenantId(random);
    await renewed.seal(newcomer, "plaintext", "x");
    expect(await dataKeys.find(newcomer)).toMatch(new RegExp(`^v1\\.${next.id}\\.`));
  });

  test("has one data key for a tenant, also where many seal its first texts at once", async () => {
    const newcomer = newTenantId(random);
    const sealed = await Promise.all(Array.from({ length: 20 }, (_, n) => sealerOf().seal(newcomer, `text ${n}`, "x")));
    const opened = await Promise.all(sealed.map((text) => sealerOf().open(newcomer, text, "x")));
    expect(opened).toEqual(Array.from({ length: 20 }, (_, n) => `text ${n}`));
  });

  test("knows no key of a tenant that nothing was sealed for, and makes none to open with", async () => {
    const newcomer = newTenantId(random);
    const sealed = await sealerOf().seal(tenant, "plaintext", "x");
    expect(await reasonOf(sealerOf().open(newcomer, sealed, "x"))).toBe("unknown_key");
    expect(await dataKeys.find(newcomer)).toBeUndefined();
  });

  test("asks the store once for a data key that it holds", async () => {
    const { counted, asked } = counting();
    const sealer = createSealer({ dataKeys: counted, keyEncryptionKey, random });
    await sealer.seal(tenant, "first", "x");
    await Promise.all(Array.from({ length: 10 }, () => sealer.seal(tenant, "again", "x")));
    expect(asked).toEqual([tenant]);
  });

  test("holds no more data keys than it may, those used last", async () => {
    const { counted, asked } = counting();
    const sealer = createSealer({ dataKeys: counted, keyEncryptionKey, random, capacity: 2 });
    const [one, two, three] = [newTenantId(random), newTenantId(random), newTenantId(random)];
    for (const each of [one, two, three]) await sealerOf().seal(each, "x", "x");
    for (const each of [one, two, one, three, one, two]) await sealer.seal(each, "x", "x");
    expect(asked).toEqual([one, two, three, two]);
  });

  test("opens nothing of a tenant once its data key is deleted and forgotten", async () => {
    const newcomer = newTenantId(random);
    const sealer = sealerOf();
    const sealed = await sealer.seal(newcomer, "plaintext", "x");
    await dataKeys.deleteTenant(newcomer);
    expect(await sealer.open(newcomer, sealed, "x")).toBe("plaintext");
    sealer.forget(newcomer);
    expect(await reasonOf(sealer.open(newcomer, sealed, "x"))).toBe("unknown_key");
    await sealer.seal(newcomer, "anew", "x");
    expect(await reasonOf(sealer.open(newcomer, sealed, "x"))).toBe("refused");
  });

  test("recovers from a store that failed", async () => {
    let isDown = true;
    const failing: DataKeyStore = {
      ...dataKeys,
      find: async (id) => {
        if (isDown) throw new Error("down");
        return await dataKeys.find(id);
      },
    };
    const sealer = createSealer({ dataKeys: failing, keyEncryptionKey, random });
    await expect(sealer.seal(tenant, "x", "x")).rejects.toThrow("down");
    isDown = false;
    expect(await sealer.open(tenant, await sealer.seal(tenant, "plaintext", "x"), "x")).toBe("plaintext");
  });
});

/** The store, and the tenants it was asked for. */
function counting(): { readonly counted: DataKeyStore; readonly asked: TenantId[] } {
  const asked: TenantId[] = [];
  const counted: DataKeyStore = {
    ...dataKeys,
    find: async (id) => {
      asked.push(id);
      return await dataKeys.find(id);
    },
  };
  return { counted, asked };
}
