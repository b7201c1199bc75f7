import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type SignetProcess, spawnSignet } from "@signet/testkit";
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
    signet.process.kill("SIGKILL");
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

/** Stops it as a service manager does, and expects that it goes in peace. */
export async function stop(signet: SignetProcess): Promise<void> {
  signet.process.kill("SIGTERM");
  expect(await signet.ended()).toBe(0);
}

/** Starts it where it must not come up, and tells what it says of that. It ends with 1 and a line for each problem, without a stack. */
export async function failedStart(environment: Readonly<Record<string, string>>): Promise<readonly string[]> {
  const signet = await start(environment);
  expect([await signet.ended(), signet.output()]).toEqual([1, expect.stringMatching(/^(?:signet: [^\n]+\n)+$/)]);
  return signet.output().trimEnd().split("\n");
}
