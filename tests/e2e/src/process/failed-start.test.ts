import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { administer, type SignetProcess } from "@signet/testkit";
import { expect, onTestFinished, test } from "vitest";
import { failedStart, newDataDir, startReady, stop } from "./processes.ts";

const token = "an-administration-token-of-44-characters-0123";

/** Another program on a port of this address. */
async function occupiedPort(address: string): Promise<number> {
  const server = createServer().listen(0, address);
  await once(server, "listening");
  onTestFinished(() => new Promise((resolve) => void server.close(() => resolve())));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("the test's server has no port");
  return bound.port;
}

/** What Signet answers where the workplace is one that was made before: nothing has been lost. */
async function expectWorkplace(signet: SignetProcess, name: string): Promise<void> {
  expect(await administer({ url: signet.url, adminToken: token }, "GET", `/${name}`)).toMatchObject({ name });
}

/** A folder with a workplace `kept`, which no Signet uses. */
async function usedDataDir(): Promise<string> {
  const dataDir = await newDataDir();
  const signet = await startReady({ SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_TOKEN: token });
  await administer({ url: signet.url, adminToken: token }, "POST", "", { name: "kept" });
  await stop(signet);
  return dataDir;
}

test("each wrong setting is one readable line, all of them at once", async () => {
  const dataDir = await newDataDir();
  const lines = await failedStart({
    SIGNET_DATA_DIR: dataDir,
    SIGNET_PUBLIC_URL: "http://auth.example",
    SIGNET_HOST: "a host",
    SIGNET_PORT: "65536",
    SIGNET_DURABILITY: "some",
    SIGNET_ADMIN_PASSWORD: "short",
    SIGNET_ADMIN_TOKEN: "short",
    SIGNET_KEY_ENCRYPTION_KEY: "no key",
    SIGNET_REFRESH_GRACE_MS: "-1",
    SIGNET_LOG_LEVEL: "loud",
    SIGNET_PROT: "4000",
  });
  expect(lines).toEqual([
    "signet: SIGNET_PUBLIC_URL must be an https: URL without a path, or an http: one of localhost, 127.0.0.1 or [::1]",
    "signet: SIGNET_HOST must be a host name or an address",
    "signet: SIGNET_PORT must be a whole number from 1 to 65535",
    "signet: SIGNET_DURABILITY must be normal or full",
    "signet: SIGNET_ADMIN_PASSWORD must have at least 8 characters",
    "signet: SIGNET_ADMIN_TOKEN must be 32 to 256 printable ASCII characters without spaces",
    "signet: SIGNET_KEY_ENCRYPTION_KEY must be 32 bytes, as 64 hex digits or in base64",
    "signet: SIGNET_REFRESH_GRACE_MS must be a whole number from 0 to 60000",
    "signet: SIGNET_LOG_LEVEL must be debug, info, warn, error or silent",
    "signet: SIGNET_PROT is no setting of Signet",
  ]);
  expect(existsSync(dataDir)).toBe(false);
});

test.each(["127.0.0.1", "::1"])(
  "a port in use at %s is said, and the first run's secrets are kept for a start that works",
  async (address) => {
    const dataDir = await newDataDir();
    const port = await occupiedPort(address);
    const lines = await failedStart({ SIGNET_DATA_DIR: dataDir, SIGNET_PORT: String(port) });
    expect(lines).toEqual([expect.stringMatching(new RegExp(`the port is in use .* SIGNET_PORT .*:${port}\\)$`))]);

    const signet = await startReady({ SIGNET_DATA_DIR: dataDir });
    expect(signet.output()).toMatch(/user admin, password +\S+\n +administration token +\S+\n/);
  },
);

test("a host that is none of this machine's is said", async () => {
  const lines = await failedStart({ SIGNET_DATA_DIR: await newDataDir(), SIGNET_HOST: "192.0.2.1" });
  expect(lines).toEqual([expect.stringContaining("192.0.2.1")]);
});

test("a folder in use is said, and whoever uses it goes on", async () => {
  const dataDir = await newDataDir();
  const signet = await startReady({ SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_TOKEN: token });
  await administer({ url: signet.url, adminToken: token }, "POST", "", { name: "kept" });
  const lines = await failedStart({ SIGNET_DATA_DIR: dataDir, SIGNET_ADMIN_TOKEN: token.replaceAll("a", "b") });
  expect(lines).toEqual([`signet: the data folder ${dataDir} is in use by another Signet`]);
  await expectWorkplace(signet, "kept");
  await stop(signet);
  await expectWorkplace(await startReady({ SIGNET_DATA_DIR: dataDir }), "kept");
});

test("another key-encryption key is said, wherever it comes from, and the right one opens the folder", async () => {
  const dataDir = await usedDataDir();
  const file = join(dataDir, "key-encryption-key");
  const right = await readFile(file, "utf8");
  const said = [expect.stringContaining("the data folder was encrypted under another key-encryption key")];
  const wrong = randomBytes(32).toString("base64");
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir, SIGNET_KEY_ENCRYPTION_KEY: wrong })).toEqual(said);
  await writeFile(file, `${wrong}\n`);
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir })).toEqual(said);

  const signet = await startReady({ SIGNET_DATA_DIR: dataDir, SIGNET_KEY_ENCRYPTION_KEY: right.trim() });
  await expectWorkplace(signet, "kept");
});

test("a lost key-encryption key is said, none is made in its place, and it can be put back", async () => {
  const dataDir = await usedDataDir();
  const file = join(dataDir, "key-encryption-key");
  const backup = join(dirname(dataDir), "backup");
  await rename(file, backup);
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir })).toEqual([
    `signet: the key-encryption key of the data folder is missing: put ${file} back, or set SIGNET_KEY_ENCRYPTION_KEY to what it held`,
  ]);
  expect(existsSync(file)).toBe(false);
  await rename(backup, file);
  await expectWorkplace(await startReady({ SIGNET_DATA_DIR: dataDir }), "kept");
});

test("a key file that holds no key is said, and stays as it is", async () => {
  const dataDir = await newDataDir();
  const file = join(dataDir, "key-encryption-key");
  await mkdir(dataDir, { recursive: true });
  await writeFile(file, "no key\n");
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir })).toEqual([
    `signet: ${file} holds no key: 32 bytes in base64 or hex are expected`,
  ]);
  expect(await readFile(file, "utf8")).toBe("no key\n");
});

test.each(["signet.db", "transient.db"])("a %s that a newer version has changed is said, and stays as it is", async (name) => {
  const dataDir = await usedDataDir();
  const path = join(dataDir, name);
  const known = setVersion(path, 999);
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir })).toEqual([
    `signet: ${path} was written by a newer version of Signet: its schema is version 999, and this one knows ${known} at most`,
  ]);
  expect(setVersion(path, known)).toBe(999);
  await expectWorkplace(await startReady({ SIGNET_DATA_DIR: dataDir }), "kept");
});

/** Sets the schema version of a database that nobody uses; what it was before. */
function setVersion(path: string, version: number): number {
  const database = new DatabaseSync(path);
  const before = Number(database.prepare("pragma user_version").get()?.user_version);
  database.exec(`pragma user_version = ${version}`);
  database.close();
  return before;
}

test("a data folder that is a file, or no place for one, is said", async () => {
  const dataDir = await newDataDir();
  await writeFile(dataDir, "a file");
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir })).toEqual([expect.stringContaining(dataDir)]);
  expect(await failedStart({ SIGNET_DATA_DIR: join(dataDir, "beneath") })).toEqual([expect.stringContaining(dataDir)]);
  expect(await readFile(dataDir, "utf8")).toBe("a file");
  await rm(dataDir);
});

test("a database that is none is said, and stays as it is", async () => {
  const dataDir = await newDataDir();
  await mkdir(dataDir, { recursive: true });
  const bytes = randomBytes(8192);
  await writeFile(join(dataDir, "signet.db"), bytes);
  expect(await failedStart({ SIGNET_DATA_DIR: dataDir })).toEqual([expect.stringContaining(join(dataDir, "signet.db"))]);
  expect(await readFile(join(dataDir, "signet.db"))).toEqual(bytes);
});
