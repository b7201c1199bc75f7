import { randomInt, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type Application,
  administer,
  authorizationUrl,
  newApplication,
  type ObtainedCode,
  obtainCode,
  obtainTokens,
  type RegisteredClient,
  redeem,
  refresh,
  registerClient,
  type SignetProcess,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { expect, test } from "vitest";
import { granted, invalidGrant, outcome } from "../outcomes.ts";
import { newDataDir, startReady } from "./processes.ts";

const rounds = 10;
const adminToken = "an-administration-token-of-44-characters-0123";
const adminPassword = "an administrator's password";

/** What the clients were told, and so may rely on, whatever becomes of the server. */
interface Ledger {
  readonly clients: RegisteredClient[];
  readonly users: string[];
  /** Each a family of refresh tokens. */
  readonly chains: Chain[];
  readonly codes: Code[];
}

interface Chain {
  head: string;
  accessToken: string;
  readonly used: string[];
}

interface Code extends ObtainedCode {
  /** `sent`: nobody knows whether it was redeemed. */
  state: "unused" | "sent" | "redeemed";
}

test("X21: of ten kills amid exchanges, refreshes and registrations none loses what was acknowledged, or brings back what was used", {
  timeout: 180_000,
}, async () => {
  const dataDir = await newDataDir();
  const environment = {
    SIGNET_DATA_DIR: dataDir,
    SIGNET_ADMIN_TOKEN: adminToken,
    SIGNET_ADMIN_PASSWORD: adminPassword,
    // A retry after the restart counts as one in time, however slow the machine.
    SIGNET_REFRESH_GRACE_MS: "60000",
  };
  let signet = await startReady(environment);
  const registrationToken = (await readFile(join(dataDir, "registration-token"), "utf8")).trim();
  const application = await newApplication({ url: signet.url, adminToken, adminPassword, registrationToken });
  const ledger: Ledger = { clients: [application.client], users: [], chains: [], codes: [] };
  for (let chains = 0; chains < 4; chains++) {
    const { refresh_token, access_token } = await obtainTokens(application);
    ledger.chains.push({ head: refresh_token, accessToken: access_token, used: [] });
  }

  for (let round = 0; round < rounds; round++) {
    await workUntilKilled(signet, application, registrationToken, ledger);
    signet = await startReady({ ...environment, SIGNET_PORT: new URL(signet.url).port });
    await expectRegistrations(signet, registrationToken, ledger);
    await expectUsers(signet, ledger);
    for (const chain of ledger.chains) await expectOneHead(application, chain);
    for (const code of ledger.codes.splice(0)) await expectUsedUp(application, code);
    await expectSession(application);
  }
  for (const chain of ledger.chains) await expectEndedByReuse(application, chain);
});

/** Many clients at once, each with its next request as soon as the last was answered; the process is killed in the middle of it. */
async function workUntilKilled(signet: SignetProcess, application: Application, registrationToken: string, ledger: Ledger) {
  let remaining = randomInt(40, 160);
  const acknowledged = () => {
    remaining -= 1;
    if (remaining === 0) signet.process.kill("SIGKILL");
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
    ...ledger.chains.map((chain) => work(() => rotate(application, chain))),
    ...[1, 2].map(() =>
      work(async (count) => {
        const code: Code = { ...(await obtainCode(application)), state: "unused" };
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

/** Two requests at once, as an impatient client sends them: both get the same successor. What one of them was told holds. */
async function rotate(application: Application, chain: Chain): Promise<void> {
  const attempts = await Promise.allSettled([1, 2].map(async () => tokensOf(await refresh(application, chain.head))));
  const [first, second] = attempts.flatMap((attempt) => (attempt.status === "fulfilled" ? [attempt.value] : []));
  if (first === undefined) throw attempts.find((attempt) => attempt.status === "rejected")?.reason;
  if (second !== undefined) expect(second.refresh_token).toBe(first.refresh_token);
  chain.used.push(chain.head);
  chain.head = first.refresh_token;
  chain.accessToken = first.access_token;
}

async function expectRegistrations({ url }: SignetProcess, registrationToken: string, { clients }: Ledger): Promise<void> {
  const reply = await fetch(`${url}/v1/oidc/default/registration`, { headers: { Authorization: `Bearer ${registrationToken}` } });
  const known: readonly RegisteredClient[] = JSON.parse(await reply.text());
  const secrets = new Map(known.map(({ client_id, client_secret }) => [client_id, client_secret]));
  for (const { client_id, client_secret } of clients) expect(secrets.get(client_id)).toBe(client_secret);
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

/** The last token that was acknowledged is good, and leads to one successor only, however often it is presented. */
async function expectOneHead(application: Application, chain: Chain): Promise<void> {
  expect(await outcome(userinfo(application.issuer, chain.accessToken))).toEqual(granted);
  const { head } = chain;
  await rotate(application, chain);
  expect((await tokensOf(await refresh(application, head))).refresh_token).toBe(chain.head);
}

/** A code that nobody sent is good once; one that was redeemed is so no more. */
async function expectUsedUp(application: Application, code: Code): Promise<void> {
  const first = await outcome(redeem(application, code));
  if (code.state === "sent") expect([granted, invalidGrant]).toContainEqual(first);
  else expect([code.state, first]).toEqual([code.state, code.state === "unused" ? granted : invalidGrant]);
  expect(await outcome(redeem(application, code))).toEqual(invalidGrant);
}

async function expectSession({ agent, issuer, client }: Application): Promise<void> {
  const { callback } = await agent.open(authorizationUrl(issuer, client, { prompt: "none" }));
  expect(callback?.searchParams.get("error")).toBeNull();
}

/** Of all tokens that the chain had, none but the last ever comes back; and it goes with the first that tries. */
async function expectEndedByReuse(application: Application, { head, used }: Chain): Promise<void> {
  expect(used.length).toBeGreaterThan(rounds);
  for (const token of used.slice(0, -1)) expect(await outcome(refresh(application, token))).toEqual(invalidGrant);
  expect(await outcome(refresh(application, head))).toEqual(invalidGrant);
}
