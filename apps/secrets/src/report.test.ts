import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { establishSecrets } from "./deployment-secrets.ts";
import { report } from "./report.ts";
import { SecretFolder } from "./secret-folder.ts";

function emptyFolder() {
  const path = mkdtempSync(join(tmpdir(), "signet-secrets-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  return { path, start: () => establishSecrets(new SecretFolder(path), randomBytes) };
}

test("the administrator's secrets are shown when they are made, and no other and never again", () => {
  const { start } = emptyFolder();
  const { secrets, made } = start();
  const first = report(secrets, made);
  expect(first).toContain(secrets.adminToken);
  expect(first).toContain(secrets.adminPassword);
  const hidden = [secrets.keyEncryptionKey.current, secrets.redisPasswords.auth, secrets.serviceTokens.gateway.current];
  for (const secret of hidden) expect(first).not.toContain(secret);
  const second = start();
  expect(report(second.secrets, second.made)).toBe("All secrets are there; none was made.\n");
});

test("a secret that was there is not shown when another is made", () => {
  const { path, start } = emptyFolder();
  start();
  rmSync(join(path, "admin-token"));
  const { secrets, made } = start();
  expect(report(secrets, made)).toContain(secrets.adminToken);
  expect(report(secrets, made)).not.toContain(secrets.adminPassword);
});
