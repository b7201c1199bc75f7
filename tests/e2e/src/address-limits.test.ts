import { clockwork, redirectUri, type Signet, startSignet } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ApiReply, send } from "./api-request.ts";
import {
  askConfiguration,
  askToRegister,
  dynamicClient,
  initialAccessToken,
  registeringTenant,
} from "./dynamic-registration-request.ts";

const time = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({
    clockwork: time,
    environment: {
      SIGNET_TRUSTED_PROXIES: "127.0.0.1 ::1",
      SIGNET_TOKEN_FAILURES_PER_ADDRESS: "6/60",
      SIGNET_OPEN_REGISTRATIONS_PER_ADDRESS: "4/3600",
    },
  });
});
afterAll(() => signet.stop());

const wrong = "t".repeat(43);
const from = (address: string) => ({ "X-Forwarded-For": address });

/** A request to one of the APIs that tokens open. */
type Guess = (address: string) => Promise<ApiReply>;

const administration =
  (name: "X-Auth-Token" | "Authorization", token: string): Guess =>
  (address) =>
    send(`${signet.url}/v1/workplaces`, {
      headers: { ...from(address), [name]: name === "X-Auth-Token" ? token : `Bearer ${token}` },
    });

const registrationApi =
  (workplace: string, token: string): Guess =>
  (address) =>
    send(`${signet.url}/v1/oidc/${workplace}/registration`, { headers: { ...from(address), Authorization: `Bearer ${token}` } });

async function replies(count: number, guess: Guess, address: string): Promise<readonly ApiReply[]> {
  const all: ApiReply[] = [];
  for (let step = 0; step < count; step++) all.push(await guess(address));
  return all;
}

const statusesOf = (all: readonly ApiReply[]) => all.map(({ status }) => status);

test("K3: wrong tokens of the administration and the registration API are 1013 with Retry-After after as many from an address", async () => {
  const guesses = [
    ...(await replies(2, administration("X-Auth-Token", wrong), "192.0.2.1")),
    ...(await replies(2, administration("Authorization", wrong), "192.0.2.1")),
    ...(await replies(4, registrationApi("default", wrong), "192.0.2.1")),
  ];
  expect(statusesOf(guesses)).toEqual([401, 401, 401, 401, 401, 401, 429, 429]);
  const last = guesses.at(-1);
  expect(last?.headers["retry-after"]).toMatch(/^([1-9]|10)$/);
  expect(JSON.parse(last?.text ?? "")).toEqual({
    error_code: 1013,
    error_message: "there were too many wrong tokens",
    more_info: "",
  });
  expect((await administration("X-Auth-Token", wrong)("192.0.2.2")).status).toBe(401);
  time.advance(60_000);
  expect((await administration("X-Auth-Token", wrong)("192.0.2.1")).status).toBe(401);
});

test("a right token is accepted however many wrong ones came from its address, and counts for nothing", async () => {
  const right = [administration("X-Auth-Token", signet.adminToken), registrationApi("default", signet.registrationToken)];
  for (const guess of right) expect(statusesOf(await replies(8, guess, "192.0.2.3"))).toEqual(Array(8).fill(200));
  expect(statusesOf(await replies(7, administration("X-Auth-Token", wrong), "192.0.2.3"))).toEqual([...Array(6).fill(401), 429]);
  for (const guess of right) expect((await guess("192.0.2.3")).status).toBe(200);
});

test("K2: a workplace that does not exist is refused in the same words after as many attempts", async () => {
  const told = async (workplace: string, address: string) =>
    (await replies(8, registrationApi(workplace, wrong), address)).map(({ status, text }) => `${status} ${text}`);
  expect(await told("nobody-has-this-name", "192.0.2.4")).toEqual(await told("default", "192.0.2.5"));
});

test("wrong initial and registration access tokens count as well, and right ones are accepted", async () => {
  const home = await registeringTenant(signet, "address-limits-tokens", { mode: "initial_access_token" });
  const client = await dynamicClient(home, {}, await initialAccessToken(home));
  const headers = from("192.0.2.6");
  const metadata = { redirect_uris: [redirectUri] };
  const found: ApiReply[] = [];
  for (let step = 0; step < 4; step++) found.push(await askToRegister(home, metadata, wrong, { headers }));
  for (const method of ["GET", "PUT", "DELETE", "GET"]) {
    found.push(
      await askConfiguration(
        client,
        method,
        method === "PUT" ? { client_id: client.client_id, ...metadata } : undefined,
        wrong,
        headers,
      ),
    );
  }
  expect(statusesOf(found)).toEqual([...Array(6).fill(401), 429, 429]);
  expect(JSON.parse(found.at(-1)?.text ?? "")).toEqual({
    error: "temporarily_unavailable",
    error_description: "there were too many wrong tokens",
  });
  expect((await askConfiguration(client, "GET", undefined, undefined, headers)).status).toBe(200);
  expect((await askToRegister(home, metadata, await initialAccessToken(home), { headers })).status).toBe(201);
});

test("K4: from one address so many register without a token, at all tenants together; an IPv6 network is one", async () => {
  const homes = await Promise.all(
    ["one", "two"].map((name) => registeringTenant(signet, `address-limits-${name}`, { mode: "open" })),
  );
  const register = (step: number, metadata: object) =>
    askToRegister(homes[step % 2] ?? expect.unreachable(), metadata, undefined, {
      headers: from(`2001:db8:1:2::${step.toString(16)}`),
    });
  const good = { redirect_uris: [redirectUri] };
  const found = [
    await register(0, good),
    await register(1, { redirect_uris: ["no URI"] }),
    await register(2, good),
    await register(3, good),
  ];
  found.push(await register(4, good), await register(5, good));
  expect(statusesOf(found)).toEqual([201, 400, 201, 201, 429, 429]);
  expect(found.at(-1)?.headers["retry-after"]).toMatch(/^(8\d\d|900)$/);
  expect(JSON.parse(found.at(-1)?.text ?? "")).toEqual({
    error: "temporarily_unavailable",
    error_description: "there were too many registrations from this address",
  });
  const [home = expect.unreachable()] = homes;
  expect((await askToRegister(home, good, undefined, { headers: from("2001:db8:1:3::1") })).status).toBe(201);
  // Whoever is let in by a token is not counted.
  const token = await initialAccessToken(home);
  expect((await askToRegister(home, good, token, { headers: from("2001:db8:1:2::1") })).status).toBe(201);
  time.advance(900_000);
  expect((await register(6, good)).status).toBe(201);
});
