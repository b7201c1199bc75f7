import { setTimeout } from "node:timers/promises";
import { expectNothingLost, expectRegistrations, type Family, newFamilies, rotate } from "@signet/e2e/ledger";
import {
  type Application,
  type Home,
  newApplication,
  type RegisteredClient,
  redirectUri,
  refresh,
  registerClient,
  registrationRequest,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ComposeStack, composeStack, docker, homeOf } from "./compose-stack.ts";

const minutes = 60_000;
const patienceMilliseconds = 60_000;
const pauseMilliseconds = 50;

let stack: ComposeStack;
let home: Home;

beforeAll(async () => {
  stack = await composeStack({ isBusy: true });
  await stack.build();
  await stack.up("--scale", "token=2", "--scale", "auth=2");
  home = await homeOf(stack);
}, 10 * minutes);

afterAll(async () => {
  await stack.destroy();
}, 3 * minutes);

/** As a client that means to get an answer: a connection that broke and a 503 are no answers. What a refresh token was good for, it is good for again. */
async function persistently(send: () => Promise<Response>): Promise<Response> {
  const end = performance.now() + patienceMilliseconds;
  for (;;) {
    const reply = await send().catch(() => undefined);
    if (reply !== undefined && reply.status !== 503) return reply;
    if (reply !== undefined) expect(reply.headers.get("Retry-After")).toMatch(/^[1-9][0-9]*$/);
    if (performance.now() > end)
      throw new Error(`not served for ${patienceMilliseconds} ms: ${reply?.status ?? "no connection"}`);
    await setTimeout(pauseMilliseconds);
  }
}

/** Clients at work until they are stopped. Rejects where one is answered otherwise than it may be. */
function clientsAtWork(application: Application, families: readonly Family[], clients: RegisteredClient[]) {
  let isStopping = false;
  let served = 0;
  const untilStopped = async (step: () => Promise<unknown>) => {
    while (!isStopping) {
      await step();
      served += 1;
    }
  };
  const working = Promise.all([
    ...families.map((family) =>
      untilStopped(() => rotate(application, family, (one, token) => persistently(() => refresh(one, token)))),
    ),
    untilStopped(async () => {
      const send = () => tokenRequest(application.issuer, application.client, { grant_type: "client_credentials" });
      expect((await persistently(send)).status).toBe(200);
    }),
    untilStopped(async () => {
      clients.push(await registration());
    }),
  ]);
  return {
    /** Resolves once so many more requests have been served. */
    async serve(more: number): Promise<void> {
      const goal = served + more;
      const reached = expect
        .poll(() => served, { timeout: patienceMilliseconds, interval: pauseMilliseconds })
        .toBeGreaterThan(goal);
      await Promise.race([reached, working]);
    },
    async stop(): Promise<void> {
      isStopping = true;
      await working;
    },
  };
}

async function registration(): Promise<RegisteredClient> {
  const reply = await persistently(() => registrationRequest(home, { client_name: "Another", redirect_uris: [redirectUri] }));
  expect(reply.status).toBe(200);
  return JSON.parse(await reply.text());
}

/** Ends a container's process as the kernel would: for docker it has died, and is started again. */
async function killContainer(service: string): Promise<void> {
  const [container = ""] = await stack.containers(service);
  process.kill(Number(await docker("inspect", "--format", "{{.State.Pid}}", container)), "SIGKILL");
}

test("kill -9 of each service, and a restart of Redis and of MongoDB, amid requests lose nothing that was acknowledged", {
  timeout: 8 * minutes,
}, async () => {
  const application = await newApplication(home);
  const families = await newFamilies(application, 3);
  const clients: RegisteredClient[] = [application.client, await registerClient(home)];
  const load = clientsAtWork(application, families, clients);
  await load.serve(20);
  for (const service of ["client-registry", "auth", "token", "gateway"]) {
    await killContainer(service);
    await load.serve(20);
  }
  for (const store of ["redis", "mongo"]) {
    await stack.restart(store);
    await load.serve(20);
  }
  await load.stop();
  await expectRegistrations(home, clients);
  for (const family of families) {
    expect(family.used.length).toBeGreaterThan(6);
  }
  await expectNothingLost(application, families);
});
