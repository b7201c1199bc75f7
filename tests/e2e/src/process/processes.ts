import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Home, type SignetProcess, spawnSignet } from "@signet/testkit";
import { expect, onTestFinished } from "vitest";

/** A path at which there is nothing yet. What comes to be there is gone after the test. */
export async function newDataDir(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signet-test-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return join(folder, "data");
}

/** Signet as a process that has ended when the test has. */
export async function start(environment: Readonly<Record<string, string>>): Promise<SignetProcess> {
  const signet = await spawnSignet(environment);
  onTestFinished(async () => {
    signet.signal("SIGKILL");
    await signet.ended();
  });
  return signet;
}

/** The same, once it serves. */
export async function startReady(environment: Readonly<Record<string, string>>): Promise<SignetProcess> {
  const signet = await start(environment);
  await signet.ready();
  return signet;
}

/** What opens the Signets of these tests that do not make up secrets of their own. */
export const adminToken = "an-administration-token-of-44-characters-0123";
export const adminPassword = "an administrator's password";

/** A Signet that serves from a data folder of its own. */
export interface NewSignet {
  readonly signet: SignetProcess;
  readonly dataDir: string;
  /** What it was started with. */
  readonly environment: Readonly<Record<string, string>>;
  /** Its tenant `default`. */
  readonly home: Home;
}

/** Starts one for the first time, with these settings besides those of the administrator. */
export async function startNew(settings: Readonly<Record<string, string>> = {}): Promise<NewSignet> {
  const dataDir = await newDataDir();
  const administrator = { SIGNET_ADMIN_TOKEN: adminToken, SIGNET_ADMIN_PASSWORD: adminPassword };
  const environment = { SIGNET_DATA_DIR: dataDir, ...administrator, ...settings };
  const signet = await startReady(environment);
  const registrationToken = (await readFile(join(dataDir, "registration-token"), "utf8")).trim();
  return { signet, dataDir, environment, home: { url: signet.url, adminToken, adminPassword, registrationToken } };
}

/** Stops it as a service manager does, and expects that it goes in peace. */
export async function stop(signet: SignetProcess): Promise<void> {
  signet.signal("SIGTERM");
  expect(await signet.ended()).toBe(0);
}

/** Starts it where it must not come up, and tells what it says of that. It ends with 1 and a line for each problem, without a stack. */
export async function failedStart(environment: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const signet = await start(environment);
  expect([await signet.ended(), signet.output()]).toEqual([1, expect.stringMatching(/^(?:signet: [^\n]+\n)+$/)]);
  return signet.output().trimEnd().split("\n");
}
