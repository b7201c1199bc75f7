import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { type DeploymentSecrets, establishSecrets } from "./deployment-secrets.ts";
import { handedOut } from "./handed-out.ts";
import { admit, dismiss, retire, rotate } from "./rotate.ts";
import { SecretFolder } from "./secret-folder.ts";

/** A folder with all secrets, and what was handed out each time. */
function deployment() {
  const path = mkdtempSync(join(tmpdir(), "signet-secrets-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  const folder = new SecretFolder(path);
  const secrets = () => establishSecrets(folder, randomBytes).secrets;
  const handOuts: DeploymentSecrets[] = [secrets()];
  const dependencies = {
    folder,
    random: randomBytes,
    handOut: () => handOuts.push(secrets()),
    untilRead: async () => {},
  };
  return { secrets, handOuts, dependencies };
}

test("a caller's new token is known to every service before it is shown, and the old one afterwards as well", async () => {
  const { handOuts, dependencies } = deployment();
  await rotate("gateway", dependencies);
  const [before, known, shown] = handOuts.map(({ serviceTokens }) => serviceTokens.gateway);
  expect(known).toEqual({ current: before?.current, other: shown?.current });
  expect(shown).toEqual({ current: known?.other, other: before?.current });
});

test("a retired token is accepted no more", async () => {
  const { secrets, dependencies } = deployment();
  const old = secrets().serviceTokens.gateway.current;
  await rotate("gateway", dependencies);
  expect(handedOut(secrets()).auth.callers).toContain(old);
  retire("gateway", dependencies);
  expect(JSON.stringify(handedOut(secrets()))).not.toContain(old);
});

test("a second rotation waits until the first one's old secret is retired", async () => {
  const { dependencies } = deployment();
  await rotate("gateway", dependencies);
  await expect(rotate("gateway", dependencies)).rejects.toThrow("retire the old one first");
});

test("a new key-encryption key has the old one beside it", async () => {
  const { secrets, dependencies } = deployment();
  const old = secrets().keyEncryptionKey.current;
  await rotate("key-encryption-key", dependencies);
  expect(handedOut(secrets()).token).toMatchObject({
    "key-encryption-key": expect.not.stringContaining(old),
    "previous-key-encryption-key": old,
  });
});

test("retired key-encryption keys are kept, and handed to nobody", async () => {
  const { secrets, dependencies } = deployment();
  const old: string[] = [];
  for (let count = 0; count < 2; count++) {
    old.push(secrets().keyEncryptionKey.current);
    await rotate("key-encryption-key", dependencies);
    retire("key-encryption-key", dependencies);
  }
  expect(dependencies.folder.read("retired-key-encryption-keys")).toBe(old.join("\n"));
  for (const key of old) expect(JSON.stringify(handedOut(secrets()))).not.toContain(key);
});

test("what cannot be rotated is refused", async () => {
  const { dependencies } = deployment();
  await expect(rotate("../gateway", dependencies)).rejects.toThrow("is none of");
});

test("an internal service may call client-registry with each of its tokens, until it is dismissed", () => {
  const { secrets, dependencies } = deployment();
  const tokens = [admit("billing:read", dependencies), admit("billing:read", dependencies)];
  const callers = () => handedOut(secrets())["client-registry"].callers;
  for (const token of tokens) expect(callers()).toContain(`billing:read=${token}`);
  dismiss("billing", dependencies);
  expect(callers()).not.toContain("billing");
});

test.each(["billing", "gateway:read", "Billing:read", "billing:admin", "a:read=x\nb:write"])("%j is not admitted", (caller) => {
  const { dependencies } = deployment();
  expect(() => admit(caller, dependencies)).toThrow("an internal service is admitted as");
});

test("an internal service has one right", () => {
  const { dependencies } = deployment();
  admit("billing:read", dependencies);
  expect(() => admit("billing:write", dependencies)).toThrow("another right");
});
