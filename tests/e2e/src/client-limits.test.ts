import { randomBytes } from "node:crypto";
import { clockwork, type RegisteredClient, registerClient, type Signet, startSignet, tokenRequest } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

const time = clockwork();
let signet: Signet;
beforeAll(async () => {
  signet = await startSignet({
    clockwork: time,
    environment: {
      SIGNET_TRUSTED_PROXIES: "127.0.0.1 ::1",
      SIGNET_CLIENT_FAILURES: "5/60",
      SIGNET_CLIENT_FAILURES_PER_ADDRESS: "12/60",
      SIGNET_REQUESTS_PER_CLIENT: "30/60",
    },
  });
});
afterAll(() => signet.stop());

const clientCredentials = { grant_type: "client_credentials" };
const machine = () => registerClient(signet, { grant_types: ["client_credentials"] });
const windowPasses = () => time.advance(60_000);

function ask({ client_id, client_secret }: RegisteredClient, address: string, endpoint = "token"): Promise<Response> {
  return fetch(`${signet.url}/oauth2/v1/${endpoint}`, {
    method: "POST",
    headers: {
      Authorization: `Basic ${btoa(`${client_id}:${client_secret}`)}`,
      "X-Forwarded-For": address,
    },
    body: new URLSearchParams(endpoint === "token" ? clientCredentials : { token: "x" }),
  });
}

async function statuses(count: number, client: RegisteredClient, address: string, endpoint?: string): Promise<number[]> {
  const found: number[] = [];
  for (let step = 0; step < count; step++) found.push((await ask(client, address, endpoint)).status);
  return found;
}

test("a client that fails to authenticate too often is 429 with Retry-After from that address, with the right secret too, and from no other", async () => {
  const client = await machine();
  const wrong = { ...client, client_secret: "wrong" };
  expect(await statuses(7, wrong, "192.0.2.1")).toEqual([401, 401, 401, 401, 401, 429, 429]);
  const reply = await ask(client, "192.0.2.1");
  expect([reply.status, reply.headers.get("Content-Type")]).toEqual([429, "application/json;charset=UTF-8"]);
  expect(reply.headers.get("Retry-After")).toMatch(/^([1-9]|1[0-2])$/);
  expect(reply.headers.get("Cache-Control")).toBe("no-store");
  expect(reply.headers.get("Access-Control-Expose-Headers")).toContain("Retry-After");
  expect(JSON.parse(await reply.text())).toEqual({ error: "temporarily_unavailable", error_description: expect.any(String) });
  expect((await ask(client, "192.0.2.2")).status).toBe(200);
  windowPasses();
  expect((await ask(client, "192.0.2.1")).status).toBe(200);
});

test("failures at introspection and revocation count with those at the token endpoint", async () => {
  const client = { ...(await machine()), client_secret: "wrong" };
  const found = [
    ...(await statuses(2, client, "192.0.2.3", "introspect")),
    ...(await statuses(2, client, "192.0.2.3", "revoke")),
    ...(await statuses(3, client, "192.0.2.3")),
  ];
  expect(found).toEqual([401, 401, 401, 401, 401, 429, 429]);
});

test("K2: a client that does not exist is refused in the same words after as many attempts", async () => {
  const known = { ...(await machine()), client_secret: "wrong" };
  const unknown = { ...known, client_id: randomBytes(12).toString("hex") };
  const told = async (client: RegisteredClient, address: string) => {
    const replies: string[] = [];
    for (let step = 0; step < 7; step++) {
      const reply = await ask(client, address);
      replies.push(`${reply.status} ${await reply.text()}`);
    }
    return replies;
  };
  expect(await told(unknown, "192.0.2.4")).toEqual(await told(known, "192.0.2.5"));
});

test("K4: an address is refused after as many failures of any clients; an IPv6 network is one", async () => {
  const found: number[] = [];
  for (let step = 0; step < 14; step++) {
    const client = { ...(await machine()), client_secret: "wrong" };
    found.push((await ask(client, `2001:db8:1:2::${step.toString(16)}`)).status);
  }
  expect(found).toEqual([...Array(12).fill(401), 429, 429]);
  expect((await ask(await machine(), "2001:db8:1:3::1")).status).toBe(200);
});

test("a client gets as many tokens at once as it may, and no other client's", async () => {
  const client = await machine();
  const replies = await Promise.all(Array.from({ length: 60 }, () => ask(client, "192.0.2.6")));
  const found = replies.map(({ status }) => status);
  expect(found.filter((status) => status === 200)).toHaveLength(30);
  expect(found.filter((status) => status === 429)).toHaveLength(30);
  expect((await ask(await machine(), "192.0.2.6")).status).toBe(200);
  windowPasses();
  expect((await tokenRequest(signet.url, client, clientCredentials)).status).toBe(200);
});
