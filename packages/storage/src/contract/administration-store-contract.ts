import { expect, test } from "vitest";
import type { AdministrationStore } from "../administration-store.ts";
import { aHash, tally } from "./fixtures/index.ts";

/** What every `AdministrationStore` promises. `open` gives an empty one. */
export function administrationStoreContract(open: () => Promise<AdministrationStore>): void {
  test("there is no token at first", async () => {
    const administration = await open();
    expect(await administration.findTokenHash()).toBeUndefined();
  });

  test("of 100 concurrent first calls exactly one establishes the token", async () => {
    const administration = await open();
    const candidates = Array.from({ length: 100 }, () => aHash());
    const results = await Promise.all(candidates.map((candidate) => administration.establishTokenHash(candidate)));
    expect(tally(results)).toStrictEqual({ established: 1, exists: 99 });
    expect(await administration.findTokenHash()).toBe(candidates[results.indexOf("established")]);
  });

  test("an established token stays", async () => {
    const administration = await open();
    const hash = aHash();
    await administration.establishTokenHash(hash);
    expect(await administration.establishTokenHash(aHash())).toBe("exists");
    expect(await administration.findTokenHash()).toBe(hash);
  });

  test("a replaced token is the one that was put last", async () => {
    const administration = await open();
    const [second, third] = [aHash(), aHash()];
    await administration.establishTokenHash(aHash());
    await administration.replaceTokenHash(second);
    expect(await administration.findTokenHash()).toBe(second);
    await administration.replaceTokenHash(third);
    expect(await administration.findTokenHash()).toBe(third);
  });

  test("a token may be put where there is none", async () => {
    const administration = await open();
    const hash = aHash();
    await administration.replaceTokenHash(hash);
    expect(await administration.findTokenHash()).toBe(hash);
    expect(await administration.establishTokenHash(aHash())).toBe("exists");
  });
}
