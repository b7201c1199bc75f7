import { checkHealth } from "@signet/rpc/network";
import { type DeployedServices, deployServices, type Program, type ServiceName, type ServicesOptions } from "@signet/testkit";
import { expect, onTestFinished, vi } from "vitest";
import type { Http2Call } from "../registry/http2-call.ts";

export type RpcServiceName = Exclude<ServiceName, "gateway">;
export const rpcServices = ["client-registry", "auth", "token"] as const satisfies readonly RpcServiceName[];

/** The programs of a Signet, none started, and all gone after the test. */
export async function deploy(options: ServicesOptions = {}): Promise<DeployedServices> {
  const deployed = await deployServices(options);
  onTestFinished(() => deployed.stop());
  return deployed;
}

/** The same, once all are ready. */
export async function deployReady(options: ServicesOptions = {}): Promise<DeployedServices> {
  const deployed = await deploy(options);
  deployed.startAll();
  await deployed.ready();
  return deployed;
}

/** Likewise, for whoever stops them. */
export async function deployServicesReady(options: ServicesOptions = {}): Promise<DeployedServices> {
  const deployed = await deployServices(options);
  deployed.startAll();
  await deployed.ready();
  return deployed;
}

/** Resolves once the assertion holds. The bound is far beyond what it takes, and is there for what never comes. */
export async function until<Found>(assertion: () => Found | Promise<Found>): Promise<Found> {
  return await vi.waitFor(assertion, { timeout: 30_000, interval: 20 });
}

/** Whether a process says by `grpc.health.v1`, to anybody, that it serves. */
export async function isServing(deployed: Pick<DeployedServices, "replicasOf">, name: RpcServiceName): Promise<boolean> {
  const [replica] = deployed.replicasOf(name);
  return replica !== undefined && (await checkHealth(replica.url, { timeoutMilliseconds: 5000 }));
}

/** One of the lines that a program prints, as far as they are looked at. */
export interface Entry {
  readonly msg: string;
  readonly level: string;
  readonly requestId?: string;
  readonly waitingFor?: readonly string[];
  readonly url?: string;
  readonly [member: string]: unknown;
}

/** The log of a program: every line is one JSON object. */
export function entriesOf(program: Program): readonly Entry[] {
  return program
    .output()
    .split("\n")
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/** Stops the program as a service manager does, and expects that it goes in peace and in time. */
export async function stop(program: Program): Promise<void> {
  const begun = performance.now();
  program.signal("SIGTERM");
  expect(await program.ended()).toBe(0);
  expect(performance.now() - begun).toBeLessThan(10_000);
}

/** Expects that the program does not come up: it ends with 1 and a readable line for each problem. The lines, without what they begin with. */
export async function failureOf(program: Program, name: ServiceName): Promise<readonly string[]> {
  const prefix = `signet ${name}: `;
  expect(await program.ended()).toBe(1);
  const lines = program.output().split("\n");
  expect(lines.pop()).toBe("");
  for (const line of lines) expect(line).toMatch(new RegExp(`^${prefix}[A-Z"a-z]`));
  return lines.map((line) => line.slice(prefix.length));
}

/** What a call ends with; all that is answered before is read, as it has to be for the end to come. */
export async function statusOf(made: Http2Call): Promise<number> {
  while ((await made.next()) !== undefined);
  return (await made.ended()).status;
}
