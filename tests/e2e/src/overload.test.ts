import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { newApplication, type RegisteredClient, registerClient, type Signet, startSignet, tokenRequest } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { granted, outcome } from "./outcomes.ts";
import { assertionForm, jwksFor } from "./shown-credentials.ts";

const mostAtATime = 2;

/** Where clients have their keys. It answers when a test says so, and until then Signet works on a request. */
const waiting: ServerResponse[] = [];
const keysHost = createServer((_request, response) => {
  waiting.push(response);
  keysHost.emit("asked");
});
let signet: Signet;
let client: RegisteredClient;
beforeAll(async () => {
  keysHost.listen(0, "127.0.0.1");
  await once(keysHost, "listening");
  const environment = { SIGNET_OUTBOUND_ALLOWED_HOSTS: keysAddress(), SIGNET_REQUESTS_AT_A_TIME: String(mostAtATime) };
  signet = await startSignet({ environment });
  ({ client } = await newApplication(signet, { metadata: { id_token_signed_response_alg: "ES256" } }));
});
afterAll(async () => {
  await signet.stop();
  keysHost.close();
  keysHost.closeAllConnections();
});

function keysAddress(): string {
  const address = keysHost.address();
  if (address === null || typeof address === "string") throw new Error("the host of keys does not listen");
  return `127.0.0.1:${address.port}`;
}

/** Another path for each client: its keys are fetched once. */
let paths = 0;

/** A request that Signet works on until the host of keys answers. */
async function requestThatWaits(): Promise<URLSearchParams> {
  const holder = await registerClient(signet, {
    grant_types: ["client_credentials"],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
    jwks_uri: `http://${keysAddress()}/${paths++}`,
  });
  return new URLSearchParams({ grant_type: "client_credentials", ...(await assertionForm(holder, signet.url, "ES256")) });
}

/** Has Signet work on as many requests as it may at a time, until `serve` has them all answered. */
async function fill() {
  const forms: URLSearchParams[] = [];
  while (forms.length < mostAtATime) forms.push(await requestThatWaits());
  const replies: Promise<Response>[] = [];
  for (const body of forms) {
    const asked = once(keysHost, "asked");
    replies.push(fetch(`${signet.url}/oauth2/v1/token`, { method: "POST", body }));
    await asked;
  }
  return {
    async serve() {
      for (const response of waiting.splice(0)) response.end(JSON.stringify(jwksFor("ES256")));
      for (const reply of replies) expect(await outcome(reply)).toEqual(granted);
    },
  };
}

const tokens = () => tokenRequest(signet.url, client, { grant_type: "client_credentials" });

const refusals: readonly [string, () => Promise<Response>, (reply: Response) => Promise<void>][] = [
  [
    "the token endpoint",
    tokens,
    async (reply) => expect(await outcome(reply)).toEqual({ status: 503, error: "temporarily_unavailable" }),
  ],
  [
    "a page",
    () => fetch(`${signet.url}/oauth2/v1/auth?client_id=${client.client_id}`),
    async (reply) => expect(await reply.text()).toContain("Please try again in a moment"),
  ],
  [
    "the administration API",
    () => fetch(`${signet.url}/v1/workplaces`),
    async (reply) => expect(await reply.json()).toMatchObject({ error_code: 1011, more_info: "" }),
  ],
];

test.each(refusals)(
  "a request beyond those that are worked on at a time is refused in the form of %s, and the others are served",
  async (_name, send, look) => {
    // What is worked on waits for its client's keys for a second or two only: no more is done meanwhile than has to be.
    const others = await fill();
    const refused = await send();
    await others.serve();
    expect(refused.status).toBe(503);
    expect([refused.headers.get("retry-after"), refused.headers.get("cache-control")]).toEqual(["1", "no-store"]);
    await look(refused);
    expect(await outcome(tokens())).toEqual(granted);
  },
);

test.each(["/healthz", "/readyz", "/.well-known/openid-configuration", "/oauth2/v1/certs"])(
  "%s is answered meanwhile",
  async (path) => {
    const others = await fill();
    const reply = await fetch(`${signet.url}${path}`);
    await others.serve();
    expect(reply.status).toBe(200);
  },
);

test("requests whose bodies have yet to arrive keep nobody out, and find room, or none, when they are there", async () => {
  const { hostname, port, host } = new URL(signet.url);
  const body = `grant_type=client_credentials&client_id=${client.client_id}&client_secret=${client.client_secret}`;
  const slow = Array.from({ length: 3 * mostAtATime }, () =>
    connect({ host: hostname, port: Number(port) }).setEncoding("latin1"),
  );
  for (const socket of slow) {
    if (socket.connecting) await once(socket, "connect");
    socket.write(`POST /oauth2/v1/token HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\n`);
    socket.write(`Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`);
  }
  // By the last of them, what was written before the first has arrived.
  for (let number = 0; number < 10; number++) expect(await outcome(tokens())).toEqual(granted);

  const others = await fill();
  for (const socket of slow) socket.write(body.slice(10));
  const replies = await Promise.all(slow.map(async (socket) => String(await once(socket, "data"))));
  await others.serve();
  for (const reply of replies) expect(reply).toMatch(/^HTTP\/1\.1 503 .*Retry-After: 1\r\n/s);
  for (const socket of slow) socket.destroy();
});

test("a refused request with a body leaves its connection fit for the next one", async () => {
  const others = await fill();
  const { hostname, port, host } = new URL(signet.url);
  const request = `POST /oauth2/v1/token HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\n\r\na=b`;
  const socket = connect({ host: hostname, port: Number(port) }).setEncoding("latin1");
  for (let number = 0; number < 2; number++) {
    socket.write(request);
    expect(String(await once(socket, "data"))).toMatch(/^HTTP\/1\.1 503 /);
  }
  socket.destroy();
  await others.serve();
});
