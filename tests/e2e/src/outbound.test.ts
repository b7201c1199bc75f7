import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import {
  authorizationUrl,
  newApplication,
  type RegisteredClient,
  registerClient,
  registrationRequest,
  type Signet,
  startSignet,
  tokenRequest,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { granted, invalidClient, outcome } from "./outcomes.ts";
import { assertionForm, jwksFor } from "./shown-credentials.ts";

interface Remote {
  readonly server: Server;
  readonly host: string;
  connections: number;
}

async function startRemote(address: string, listener: RequestListener): Promise<Remote> {
  const server = createServer(listener);
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, address, resolve);
  await promise;
  const remote: Remote = { server, host: `${address}:${(server.address() as AddressInfo).port}`, connections: 0 };
  server.on("connection", () => {
    remote.connections++;
  });
  return remote;
}

/** Each test says what clients' host answers at its own path. */
const answers = new Map<string, RequestListener>();
let clientsHost: Remote;
/** Another one, where every path has the same keys. */
let otherHost: Remote;
/** On this machine too, and named by nobody. */
let hidden: Remote;
let signet: Signet;
beforeAll(async () => {
  clientsHost = await startRemote("127.0.0.1", (request, response) => {
    const answer = answers.get(request.url ?? "");
    if (answer === undefined) response.writeHead(404).end();
    else answer(request, response);
  });
  const answering: RequestListener = (_request, response) => response.end(JSON.stringify(jwksFor("ES256")));
  [otherHost, hidden] = await Promise.all([startRemote("127.0.0.1", answering), startRemote("127.0.0.1", answering)]);
  signet = await startSignet({ environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: `${clientsHost.host} ${otherHost.host}` } });
});
afterAll(async () => {
  await signet.stop();
  for (const { server } of [clientsHost, otherHost, hidden]) {
    server.close();
    server.closeAllConnections();
  }
});

/** A client whose keys are at a path of its host, where `answer` answers. */
async function clientWithKeysAt(path: string, answer: RequestListener): Promise<RegisteredClient> {
  answers.set(path, answer);
  onTestFinished(() => {
    answers.delete(path);
  });
  return registerClient(signet, {
    grant_types: ["client_credentials"],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
    jwks_uri: `http://${clientsHost.host}${path}`,
  });
}

async function request(
  client: RegisteredClient,
  more: Readonly<Record<string, string>> = {},
  { url }: Pick<Signet, "url"> = signet,
): Promise<Response> {
  const shown = await assertionForm(client, url, "ES256");
  const body = new URLSearchParams({ grant_type: "client_credentials", ...shown, ...more });
  return fetch(`${url}/oauth2/v1/token`, { method: "POST", body });
}

test("a client whose host answers is served", async () => {
  const client = await clientWithKeysAt("/keys", (_request, response) => response.end(JSON.stringify(jwksFor("ES256"))));
  expect(await outcome(request(client))).toEqual(granted);
});

test.each(["https", "http"])(
  "S2: keys that are said to have moved to a host of this network (%s:) are not asked for there",
  async (scheme) => {
    const before = hidden.connections;
    const client = await clientWithKeysAt(`/moved-${scheme}`, (_request, response) => {
      response.writeHead(302, { Location: `${scheme}://${hidden.host}/` }).end();
    });
    expect(await outcome(request(client))).toEqual(invalidClient);
    expect(hidden.connections).toBe(before);
  },
);

test("S3: keys that have no end, or come drop by drop, are given up in time", async () => {
  const endless = await clientWithKeysAt("/endless", (_request, response) => {
    const write = () => {
      while (!response.destroyed && response.write(" ".repeat(65_536)));
    };
    response.on("drain", write);
    write();
  });
  const dripping = await clientWithKeysAt("/dripping", (_request, response) => {
    const timer = setInterval(() => response.write(" "), 20);
    response.on("close", () => clearInterval(timer));
  });
  for (const client of [endless, dripping]) {
    const start = performance.now();
    expect(await outcome(request(client))).toEqual(invalidClient);
    expect(performance.now() - start).toBeLessThan(5000);
  }
});

test("S4: no parameter says where Signet asks or tells anything", async () => {
  const before = { hidden: hidden.connections, clients: clientsHost.connections };
  const steering = Object.fromEntries(
    [
      ...["jwks_uri", "jku", "backchannel_logout_uri", "sector_identifier_uri", "logo_uri", "initiate_login_uri"],
      ...["client_session_host", "callback_host", "logout_uri", "notification_uri", "client_uri"],
    ].flatMap((name) => [
      [name, `http://${clientsHost.host}/steered`],
      [`${name}_host`, hidden.host],
    ]),
  );
  const { client, agent } = await newApplication(signet);
  expect(await outcome(tokenRequest(signet.url, client, { grant_type: "client_credentials", ...steering }))).toEqual(granted);
  expect((await agent.open(authorizationUrl(signet.url, client, steering))).status).toBe(200);
  const signing = await registerClient(signet, {
    grant_types: ["client_credentials"],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
    jwks: jwksFor("ES256"),
  });
  expect(await outcome(request(signing, steering))).toEqual(granted);
  expect({ hidden: hidden.connections, clients: clientsHost.connections }).toEqual(before);
});

test("X23: while a host of clients hangs, other clients are served without delay, also those whose keys are not known yet", async () => {
  const hung = await Promise.all(Array.from({ length: 12 }, (_, index) => clientWithKeysAt(`/hung-${index}`, () => {})));
  const answered = await registerClient(signet, {
    grant_types: ["client_credentials"],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
    jwks_uri: `http://${otherHost.host}/keys`,
  });
  const { client } = await newApplication(signet);

  const hanging = hung.flatMap((one) => Array.from({ length: 5 }, () => outcome(request(one))));
  const others = Array.from({ length: 5 }, () => [
    outcome(request(answered)),
    outcome(tokenRequest(signet.url, client, { grant_type: "client_credentials" })),
  ]).flat();
  const first = await Promise.race([Promise.all(others).then(() => "others"), Promise.race(hanging).then(() => "hung")]);
  expect(first).toBe("others");
  expect(await Promise.all(others)).toEqual(others.map(() => granted));
  // Refused once the host is given up, or unavailable where the machine was too busy to say so in time.
  for (const { status } of await Promise.all(hanging)) expect([401, 503]).toContain(status);
});

test("X23: however many hosts registrations wait for, clients whose keys are not known yet are served", async () => {
  const itsOwn = await startSignet({ environment: { SIGNET_OUTBOUND_ALLOWED_HOSTS: "127.0.0.1" } });
  const hosts = await Promise.all(Array.from({ length: 16 }, () => startRemote("127.0.0.1", () => {})));
  onTestFinished(async () => {
    for (const { server } of hosts) {
      server.close();
      server.closeAllConnections();
    }
    await itsOwn.stop();
  });
  const client = await registerClient(itsOwn, {
    grant_types: ["client_credentials"],
    redirect_uris: [],
    token_endpoint_auth_method: "private_key_jwt",
    jwks_uri: `http://${otherHost.host}/keys`,
  });
  const registrations = hosts.flatMap(({ host }) =>
    Array.from({ length: 4 }, (_, index) =>
      registrationRequest(itsOwn, {
        redirect_uris: ["https://app.example/cb"],
        subject_type: "pairwise",
        sector_identifier_uri: `http://${host}/${index}`,
      }),
    ),
  );
  // All that the registrations of one tenant may have at a time.
  await expect.poll(() => hosts.reduce((sum, { connections }) => sum + connections, 0), { interval: 5 }).toBe(16);
  const first = await Promise.race([outcome(request(client, {}, itsOwn)), Promise.race(registrations).then(() => "hung")]);
  expect(first).toEqual(granted);
  await Promise.all(registrations);
});
