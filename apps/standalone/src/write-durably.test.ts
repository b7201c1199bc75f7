import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeDurably } from "./write-durably.ts";

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "signet-standalone-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

test("a file is its owner's alone", () => {
  const path = join(temporaryFolder(), "secret");
  writeDurably(path, "the secret");
  expect(statSync(path).mode & 0o777).toBe(0o600);
});

test("a file takes the place of the one before, and leaves nothing else behind", () => {
  const folder = temporaryFolder();
  writeDurably(join(folder, "token"), "a longer text than the second");
  writeDurably(join(folder, "token"), "the second");
  expect(readFileSync(join(folder, "token"), "utf8")).toBe("the second");
  expect(readdirSync(folder)).toEqual(["token"]);
});
