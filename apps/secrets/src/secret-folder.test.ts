import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { SecretFolder } from "./secret-folder.ts";

function emptyFolder() {
  const path = mkdtempSync(join(tmpdir(), "signet-secrets-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return { path, folder: new SecretFolder(path) };
}

test("a secret is made once, and is the same from then on", () => {
  const { folder } = emptyFolder();
  expect(folder.establish("one", () => "first")).toEqual({ value: "first", made: true });
  expect(folder.establish("one", () => "second")).toEqual({ value: "first", made: false });
});

test("a secret that another run makes meanwhile is the one that counts", () => {
  const { path, folder } = emptyFolder();
  const established = folder.establish("one", () => {
    writeFileSync(join(path, "one"), "of the other run\n");
    return "of this run";
  });
  expect(established).toEqual({ value: "of the other run", made: false });
});

test("only the owner may read a secret, and only read it", () => {
  const { path, folder } = emptyFolder();
  folder.establish("one", () => "value");
  expect(statSync(join(path, "one")).mode & 0o777).toBe(0o400);
});

test("a secret is replaced whole, and nothing else is left in the folder", () => {
  const { path, folder } = emptyFolder();
  folder.establish("one", () => "first");
  folder.replace("one", "second");
  expect(folder.read("one")).toBe("second");
  expect(readdirSync(path)).toEqual(["one"]);
});

test("a file that holds the secret already is not written again", () => {
  const { path, folder } = emptyFolder();
  folder.replace("one", "value");
  const before = statSync(join(path, "one")).ino;
  folder.replace("one", "value");
  expect(statSync(join(path, "one")).ino).toBe(before);
});
