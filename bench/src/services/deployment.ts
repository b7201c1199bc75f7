import { spawnSync } from "node:child_process";
import { setTimeout as delay } from "node:timers/promises";
import { checkHealth } from "@signet/rpc/network";
import { type ServiceName, type ServicesUnderTest, services, startServices } from "@signet/testkit";
import type { Contender } from "../contender.ts";
import { type ProcessUsage, usageOf } from "../measure/process-usage.ts";
import { type Spread, spreadOf } from "../measure/statistics.ts";
import { bundle } from "../processes/bundle.ts";
import type { Pinning } from "../processes/cores.ts";
import { paths, registerClients } from "../signet/signet.ts";

/** The file that each service is started from. */
export type Mains = Readonly<Partial<Record<ServiceName, string>>>;

/** The services as their images have them. */
export async function bundleServices(resources: AsyncDisposableStack): Promise<Mains> {
  const mains: Partial<Record<ServiceName, string>> = {};
  for (const name of services) mains[name] = await bundle(name, resources);
  return mains;
}

/** Signet as four processes on a Redis and a MongoDB of their own, with nothing in them but the clients. */
export interface Deployment extends AsyncDisposable {
  readonly contender: Contender;
  /** What each of the four uses. */
  usages(): Readonly<Record<ServiceName, ProcessUsage>>;
  /** Milliseconds from a start of each service to the moment when it can serve: again and again, while the other three run. */
  measureReadiness(starts: number): Promise<Readonly<Record<ServiceName, Spread>>>;
}

export async function deploy(mains: Mains, pinning: Pinning): Promise<Deployment> {
  const deployment = await startServices({ mains });
  const processIds = services.map((name) => deployment.programs[name].pid);
  for (const id of processIds) moveTo(pinning, id);
  const port = Number(new URL(deployment.url).port);
  const contender: Contender = {
    ...paths,
    name: "services",
    issuer: deployment.url,
    port,
    processIds,
    ...(await registerClients(port, deployment.registrationToken)),
    answers: { username: "admin", password: deployment.adminPassword, decision: "allow" },
  };
  return {
    contender,
    usages: () => ofEach((name) => usageOf(deployment.programs[name].pid)),
    async measureReadiness(starts) {
      const measured = ofEach((): number[] => []);
      for (let start = 0; start < starts; start += 1) {
        for (const name of services) measured[name].push(await startAgain(deployment, name, pinning));
      }
      return ofEach((name) => spreadOf(measured[name]));
    },
    [Symbol.asyncDispose]: () => deployment.stop(),
  };
}

/** A value for each service. */
export function ofEach<Value>(value: (name: ServiceName) => Value): Record<ServiceName, Value> {
  return { "client-registry": value("client-registry"), auth: value("auth"), token: value("token"), gateway: value("gateway") };
}

const patienceMilliseconds = 30_000;
const pollMilliseconds = 5;

/** Milliseconds from its start until it says that it can serve. */
async function startAgain(deployment: ServicesUnderTest, name: ServiceName, pinning: Pinning): Promise<number> {
  deployment.programs[name].signal("SIGTERM");
  await deployment.programs[name].ended();
  const started = performance.now();
  deployment.startAgain(name);
  // Where servers belong: here it would share its core with whoever asks whether it is ready.
  moveTo(pinning, deployment.programs[name].pid);
  while (!(await isReady(deployment, name))) {
    if (performance.now() - started > patienceMilliseconds)
      throw new Error(`${name} is not ready: ${deployment.programs[name].output()}`);
    await delay(pollMilliseconds);
  }
  return performance.now() - started;
}

async function isReady({ url, replicas }: ServicesUnderTest, name: ServiceName): Promise<boolean> {
  if (name !== "gateway") return checkHealth(replicas[name][0]?.url ?? "", { timeoutMilliseconds: 1000 });
  const reply = await fetch(`${url}/readyz`).catch(() => undefined);
  await reply?.body?.cancel();
  return reply?.status === 200;
}

/** Puts a process that runs already where servers belong. */
function moveTo({ serverPrefix }: Pinning, processId: number): void {
  const core = serverPrefix.at(-1);
  if (core !== undefined) spawnSync("taskset", ["-a", "-c", "-p", core, String(processId)], { stdio: "ignore" });
}
