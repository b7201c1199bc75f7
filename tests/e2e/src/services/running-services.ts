import { type ServiceName, type ServicesOptions, type ServicesUnderTest, services, startServices } from "@signet/testkit";
import { afterAll, afterEach, beforeAll, expect, onTestFinished } from "vitest";
import { recoveryMilliseconds, untilServed } from "./attempts.ts";

/** What is away comes back when it is told to, or when the test has finished. */
export interface Away {
  /** Resolves once a store answers again, or a service has been started. */
  bringBack(): Promise<void>;
}

/** One Signet for all tests of a file. What they made stand still goes on after each of them. */
export function runningServices(options: () => Promise<ServicesOptions> = async () => ({})): () => ServicesUnderTest {
  let signet: ServicesUnderTest | undefined;
  const running = () => {
    if (signet === undefined) throw new Error("the services were not started");
    return signet;
  };
  beforeAll(async () => {
    signet = await startServices(await options());
  });
  afterEach(() => {
    for (const name of services) running().programs[name].signal("SIGCONT");
    running().redis.resume();
    running().mongodb.resume();
  });
  afterAll(() => signet?.stop());
  return running;
}

/** Ends a store as the kernel ends a process that it has no memory for. */
export async function killStore(store: ServicesUnderTest["redis" | "mongodb"]): Promise<Away> {
  await store.kill();
  return backOnce(() => store.start());
}

/** Ends a service likewise. */
export async function killService(signet: ServicesUnderTest, name: ServiceName): Promise<Away> {
  const program = signet.programs[name];
  program.signal("SIGKILL");
  expect(await program.ended()).toBe("SIGKILL");
  return backOnce(async () => signet.startAgain(name));
}

function backOnce(start: () => Promise<void>): Away {
  let isBack = false;
  const away = {
    async bringBack() {
      if (isBack) return;
      isBack = true;
      await start();
    },
  };
  onTestFinished(away.bringBack);
  return away;
}

/** What goes on whatever is away: discovery, the keys, and that the process lives. */
export async function expectToGoOn({ url }: Pick<ServicesUnderTest, "url">): Promise<void> {
  for (const path of ["/.well-known/openid-configuration", "/oauth2/v1/certs", "/healthz"]) {
    const reply = await fetch(url + path);
    expect([path, reply.status, await reply.text()]).toEqual([path, 200, expect.stringContaining("{")]);
  }
}

/** The gateway comes to say that it waits for these. */
export async function expectWaitingFor({ url }: ServicesUnderTest, names: readonly ServiceName[]): Promise<void> {
  const readiness = async () => {
    const reply = await fetch(`${url}/readyz`);
    return [reply.status, reply.headers.get("Retry-After"), JSON.parse(await reply.text()).waiting_for];
  };
  await expect.poll(readiness, { timeout: recoveryMilliseconds, interval: 50 }).toEqual([503, "1", names]);
}

/** After how long the gateway says that it can serve: no longer than a recovery may take. */
export async function expectReadyAgain({ url }: ServicesUnderTest): Promise<number> {
  const { reply, milliseconds } = await untilServed(() => fetch(`${url}/readyz`));
  expect(reply.status).toBe(200);
  expect(milliseconds).toBeLessThan(recoveryMilliseconds);
  return milliseconds;
}
