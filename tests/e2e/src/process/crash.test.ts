import { randomInt, randomUUID } from "node:crypto";
import {
  type Application,
  administer,
  authorizationUrl,
  newApplication,
  obtainCode,
  type RegisteredClient,
  redeem,
  registerClient,
  type SignetProcess,
  tokensOf,
} from "@signet/testkit";
import { expect, test } from "vitest";
import {
  expectEndedByReuse,
  expectOneHead,
  expectRegistrations,
  expectUsedUp,
  type Family,
  newFamilies,
  type RecordedCode,
  rotate,
} from "../ledger.ts";
import { adminToken, startNew, startReady } from "./processes.ts";

const rounds = 10;

/** What the clients were told, and so may rely on, whatever becomes of the server. */
interface Ledger {
  readonly clients: RegisteredClient[];
  readonly users: string[];
  readonly families: Family[];
  readonly codes: RecordedCode[];
}

test("X21: of ten kills amid exchanges, refreshes and registrations none loses what was acknowledged, or brings back what was used", {
  timeout: 180_000,
}, async () => {
  // A retry after the restart counts as one in time, however slow the machine.
  const { environment, home, ...first } = await startNew({ SIGNET_REFRESH_GRACE_MS: "60000" });
  const { registrationToken } = home;
  let { signet } = first;
  const application = await newApplication(home);
  const ledger: Ledger = { clients: [application.client], users: [], families: [], codes: [] };
  ledger.families.push(...(await newFamilies(application, 4)));

  for (let round = 0; round < rounds; round++) {
    await workUntilKilled(signet, application, registrationToken, ledger);
    signet = await startReady({ ...environment, SIGNET_PORT: new URL(signet.url).port });
    await expectRegistrations({ url: signet.url, registrationToken }, ledger.clients);
    await expectUsers(signet, ledger);
    for (const family of ledger.families) await expectOneHead(application, family);
    for (const code of ledger.codes.splice(0)) await expectUsedUp(application, code);
    await expectSession(application);
  }
  for (const family of ledger.families) {
    expect(family.used.length).toBeGreaterThan(rounds);
    await expectEndedByReuse(application, family);
  }
});

/** Many clients at once, each with its next request as soon as the last was answered; the process is killed in the middle of it. */
async function workUntilKilled(signet: SignetProcess, application: Application, registrationToken: string, ledger: Ledger) {
  let remaining = randomInt(40, 160);
  const acknowledged = () => {
    remaining -= 1;
    if (remaining === 0) signet.signal("SIGKILL");
  };
  const work = async (step: (count: number) => Promise<void>) => {
    for (let count = 0; ; count++) {
      try {
        await step(count);
      } catch (error) {
        // What fetch throws when the server is gone; anything else is no business of a kill.
        if (error instanceof TypeError) return;
        throw error;
      }
      acknowledged();
    }
  };
  const working = [
    ...ledger.families.map((family) => work(() => rotate(application, family))),
    ...[1, 2].map(() =>
      work(async (count) => {
        const code: RecordedCode = { ...(await obtainCode(application)), state: "unused" };
        ledger.codes.push(code);
        if (count % 2 === 0) return;
        code.state = "sent";
        await tokensOf(await redeem(application, code));
        code.state = "redeemed";
      }),
    ),
    work(async () => {
      ledger.clients.push(await registerClient({ url: signet.url, registrationToken }));
    }),
    work(async () => {
      const username = randomUUID();
      await administer({ url: signet.url, adminToken }, "POST", "/default/users", { username });
      ledger.users.push(username);
    }),
  ];
  await Promise.all(working);
  expect(await signet.ended()).toBe("SIGKILL");
}

async function expectUsers({ url }: SignetProcess, { users }: Ledger): Promise<void> {
  const known: string[] = [];
  for (let cursor: string | undefined = ""; cursor !== undefined; ) {
    const address: string = `${url}/v1/workplaces/default/users?limit=200&cursor=${encodeURIComponent(cursor)}`;
    const { result, next_cursor } = JSON.parse(await (await fetch(address, { headers: { "X-Auth-Token": adminToken } })).text());
    for (const { username } of result) known.push(username);
    cursor = next_cursor === "" ? undefined : String(next_cursor);
  }
  expect(known).toEqual(expect.arrayContaining(users));
}

async function expectSession({ agent, issuer, client }: Application): Promise<void> {
  const { callback } = await agent.open(authorizationUrl(issuer, client, { prompt: "none" }));
  expect(callback?.searchParams.get("error")).toBeNull();
}
