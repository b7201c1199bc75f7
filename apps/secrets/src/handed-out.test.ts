import { randomBytes } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@signet/config";
import { describe, expect, onTestFinished, test } from "vitest";
import { establishSecrets } from "./deployment-secrets.ts";
import { handOut } from "./hand-out.ts";
import { handedOut, readers, redisUsersVersion } from "./handed-out.ts";
import { SecretFolder } from "./secret-folder.ts";

function handedOutFolder() {
  const path = mkdtempSync(join(tmpdir(), "signet-secrets-"));
  onTestFinished(() => rmSync(path, { recursive: true }));
  for (const name of ["own", ...readers]) mkdirSync(join(path, name));
  const { secrets } = establishSecrets(new SecretFolder(join(path, "own")), randomBytes);
  handOut(secrets, path);
  return { path, secrets };
}

describe("each program starts with what it is handed out", () => {
  const stores = { SIGNET_MONGODB_URL_FILE: "mongodb-url", SIGNET_REDIS_URL_FILE: "redis-url" };
  const sealing = {
    SIGNET_KEY_ENCRYPTION_KEY_FILE: "key-encryption-key",
    SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY_FILE: "previous-key-encryption-key",
  };
  const shown = { SIGNET_SERVICE_TOKEN_FILE: "service-token" };
  const served = { SIGNET_CALLERS_FILE: "callers" };

  function configOf<App extends "gateway" | "client-registry" | "auth" | "token">(app: App, files: Record<string, string>) {
    const { path } = handedOutFolder();
    const environment = Object.entries(files).map(([setting, file]) => [setting, join(path, app, file)]);
    const publicUrl = app === "client-registry" ? {} : { SIGNET_PUBLIC_URL: "http://localhost:4000" };
    return parseConfig(app, { ...publicUrl, ...Object.fromEntries(environment) });
  }

  test("gateway", () => {
    expect(configOf("gateway", shown).serviceToken.value).toHaveLength(43);
  });

  test("client-registry", () => {
    const config = configOf("client-registry", {
      ...served,
      ...sealing,
      ...stores,
      SIGNET_ADMIN_TOKEN_FILE: "admin-token",
    });
    expect(config.callers.value.map(({ name }) => name)).toEqual(["gateway", "auth", "token"]);
    expect(config.previousKeyEncryptionKey).toBeUndefined();
  });

  test("auth", () => {
    const config = configOf("auth", { ...served, ...shown, ...stores, SIGNET_ADMIN_PASSWORD_FILE: "admin-password" });
    expect(config.callers.value.map(({ name }) => name)).toEqual(["gateway", "token"]);
  });

  test("token", () => {
    const config = configOf("token", { ...served, ...shown, ...sealing, ...stores });
    expect(config.callers.value.map(({ name }) => name)).toEqual(["gateway", "auth"]);
  });
});

test("nobody but its owner and those who check it has a service token", () => {
  const { secrets } = handedOutFolder();
  const knowing = (secret: string) =>
    Object.entries(handedOut(secrets))
      .filter(([, files]) => Object.values(files).some((content) => content.includes(secret)))
      .map(([reader]) => reader);
  expect(knowing(secrets.serviceTokens.gateway.current)).toEqual(["gateway", "client-registry", "auth", "token"]);
  expect(knowing(secrets.serviceTokens.token.current)).toEqual(["client-registry", "auth", "token"]);
  expect(knowing(secrets.serviceTokens.auth.current)).toEqual(["client-registry", "auth", "token"]);
  expect(knowing(secrets.keyEncryptionKey.current)).toEqual(["client-registry", "token"]);
  expect(knowing(secrets.adminToken)).toEqual(["client-registry"]);
  expect(knowing(secrets.adminPassword)).toEqual(["auth"]);
});

test("Redis gets no password, only hashes", () => {
  const { secrets } = handedOutFolder();
  const text = Object.values(handedOut(secrets).redis).join();
  for (const password of Object.values(secrets.redisPasswords)) expect(text).not.toContain(password);
});

test("Redis is started anew where its users changed: the label of its container says which they are", () => {
  const compose = readFileSync(new URL("../../../docker-compose.yml", import.meta.url), "utf8");
  expect(compose).toContain(`signet.redis-users: "${redisUsersVersion()}"`);
});

test("every kind of keys that a service has in Redis is open to it", () => {
  const folder = new URL("../../../packages/storage-redis/src/", import.meta.url);
  const sources = readdirSync(folder).filter((name) => name.endsWith("-store.ts"));
  const kinds = sources.flatMap((name) =>
    [...readFileSync(new URL(name, folder), "utf8").matchAll(/keysOf\(prefix, "([a-z-]+)"|\$\{prefix\}:([a-z-]+):/g)].map(
      ([, spread, single]) => spread ?? single,
    ),
  );
  const { secrets } = handedOutFolder();
  const users = Object.values(handedOut(secrets).redis).join();
  expect(new Set(kinds).size).toBeGreaterThanOrEqual(8);
  for (const kind of kinds) expect(users).toContain(`~signet:${kind}:*`);
});
