import { once } from "node:events";
import { expect, onTestFinished, test } from "vitest";
import { type EmbeddedStores, FolderInUseError, openEmbeddedStores } from "./index.ts";
import { startChild } from "./testing/child.ts";
import { temporaryFolder, temporaryStores } from "./testing/temporary-folder.ts";

function openedStores(folder: string): EmbeddedStores {
  const stores = openEmbeddedStores({ folder });
  onTestFinished(() => stores.close());
  return stores;
}

test("a folder that is open cannot be opened again, until it is closed", async () => {
  const folder = temporaryFolder();
  const stores = openedStores(folder);
  expect(() => openEmbeddedStores({ folder })).toThrow(FolderInUseError);
  expect(() => openEmbeddedStores({ folder })).toThrow(`the data folder ${folder} is in use by another Signet`);
  expect(await stores.administration.findTokenHash()).toBeUndefined();
  stores.close();
  expect(() => openedStores(folder)).not.toThrow();
});

test("a second process is refused, also after a failed attempt in the first one", async () => {
  const folder = temporaryFolder();
  openedStores(folder);
  expect(() => openEmbeddedStores({ folder })).toThrow(FolderInUseError);
  const child = startChild("hold-folder.ts", folder);
  expect(await once(child.lines, "line")).toStrictEqual([
    `FolderInUseError: the data folder ${folder} is in use by another Signet`,
  ]);
  expect(await child.ended()).toBe(0);
});

test("X21: the folder of a process that was killed is free at once", async () => {
  const folder = temporaryFolder();
  const child = startChild("hold-folder.ts", folder);
  expect(await once(child.lines, "line")).toStrictEqual(["open"]);
  expect(() => openEmbeddedStores({ folder })).toThrow(FolderInUseError);
  await child.kill();
  expect(() => openedStores(folder)).not.toThrow();
});

test("two folders can be open at once", () => {
  temporaryStores();
  expect(() => temporaryStores()).not.toThrow();
});

test("calls after the end are refused", async () => {
  const stores = temporaryStores();
  stores.close();
  await expect(stores.administration.findTokenHash()).rejects.toThrow();
});
