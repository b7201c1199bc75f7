import { auth, token } from "@signet/contracts";
import { OAuthError, ResourceError } from "@signet/protocol";
import { openRegistry, type Registry, type RegistryEvent } from "@signet/registry-sdk";
import { createChannel } from "@signet/rpc/network";
import { type Replica, redirectUri, type ServicesUnderTest, startServices } from "@signet/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";

type Answer = "accepted" | "refused" | "unavailable";

/** A client as one replica of a service sees it. */
type Ask = (client: TestClient) => Promise<Answer>;

interface TestClient {
  readonly tenant: string;
  readonly clientId: string;
  readonly secret: string;
}

const boundMilliseconds = 1000;

let signet: ServicesUnderTest;
let registries: readonly Registry[];
let everywhere: readonly Ask[];
const closing: (() => void)[] = [];

beforeAll(async () => {
  signet = await startServices({
    replicas: { "client-registry": 2, auth: 2, token: 2 },
    callers: ["provisioning:write"],
  });
  registries = signet.replicas["client-registry"].map(({ url }) => {
    const registry = openRegistry({ url, token: signet.tokenOf("provisioning") });
    closing.push(registry.close);
    return registry;
  });
  everywhere = [...signet.replicas.token.map(exchangeAt), ...signet.replicas.auth.map(authorizeAt)];
});
afterAll(async () => {
  for (const close of closing) close();
  await signet.stop();
});

function channelTo({ url }: Replica) {
  const channel = createChannel(url, { credentials: { token: signet.tokenOf("gateway") } });
  closing.push(() => channel.close());
  return channel;
}

/** Asks for a token with the client's secret. */
function exchangeAt(replica: Replica): Ask {
  const tokens = channelTo(replica).client<token.TokenServiceClient>(token.TokenServiceDefinition);
  return ({ tenant, clientId, secret }) =>
    answer(
      tokens.exchange({
        tenant,
        parameters: [{ name: "grant_type", value: "client_credentials" }],
        authentication: { method: "client_secret_basic", clientId, clientSecret: secret },
      }),
    );
}

/** Begins an authorization, which needs no secret. */
function authorizeAt(replica: Replica): Ask {
  const people = channelTo(replica).client<auth.AuthServiceClient>(auth.AuthServiceDefinition);
  return ({ tenant, clientId }) => {
    const query = { client_id: clientId, redirect_uri: redirectUri, response_type: "code", scope: "openid", state: "a-state" };
    const parameters = Object.entries(query).map(([name, value]) => ({ name, value }));
    return answer(people.authorize({ tenant, parameters }));
  };
}

async function answer(call: Promise<unknown>): Promise<Answer> {
  try {
    await call;
    return "accepted";
  } catch (error) {
    if (error instanceof OAuthError) return "refused";
    if (error instanceof ResourceError) return error.kind === "unavailable" ? "unavailable" : "refused";
    throw error;
  }
}

/** A client that every replica has in memory, at a tenant of its own. */
async function knownClient(): Promise<TestClient> {
  const [registry] = registries;
  if (registry === undefined) throw new Error("there is no registry");
  const tenant = `t${Date.now()}`;
  await registry.tenants.create(tenant);
  const { client, secret } = await registry.clients.create(tenant, {
    redirectUris: [redirectUri],
    grantTypes: ["authorization_code", "client_credentials"],
  });
  const known = { tenant, clientId: client.clientId, secret: secret ?? "" };
  expect(await answersOf(known)).toEqual(everywhere.map(() => "accepted"));
  return known;
}

function answersOf(client: TestClient): Promise<Answer[]> {
  return Promise.all(everywhere.map((ask) => ask(client)));
}

/** How long each of `asks` goes on to answer otherwise, in milliseconds, and that it does not do so again. */
async function milliseconds(asks: readonly Ask[], client: TestClient, until: Answer): Promise<number[]> {
  const began = performance.now();
  return await Promise.all(
    asks.map(async (ask) => {
      while ((await ask(client)) !== until) expect(performance.now() - began).toBeLessThan(10_000);
      const took = performance.now() - began;
      for (let count = 0; count < 5; count++) expect(await ask(client)).toBe(until);
      return took;
    }),
  );
}

/** When the client was accepted last, before it was refused ten times in a row. */
async function lastAccepted(ask: Ask, client: TestClient): Promise<number> {
  let last = 0;
  for (let refused = 0; refused < 10; ) {
    const answered = await ask(client);
    if (answered === "accepted") last = performance.now();
    refused = answered === "refused" ? refused + 1 : 0;
  }
  return last;
}

async function expectRefusedEverywhere(client: TestClient): Promise<void> {
  const took = await milliseconds(everywhere, client, "refused");
  expect(Math.max(...took), `${took}`).toBeLessThan(boundMilliseconds);
}

function registryAt(index: number): { readonly registry: Registry; readonly replica: Replica } {
  const [registry, replica] = [registries[index], signet.replicas["client-registry"][index]];
  if (registry === undefined || replica === undefined) throw new Error(`there is no registry ${index}`);
  return { registry, replica };
}

test.each([0, 1])("a client that is deleted at registry %i is refused by every replica within a second", async (index) => {
  const client = await knownClient();
  await registryAt(index).registry.clients.delete(client.tenant, client.clientId);
  await expectRefusedEverywhere(client);
});

test.each([0, 1])("a secret that is rotated at registry %i is refused by every replica within a second", async (index) => {
  const client = await knownClient();
  const { secret } = await registryAt(index).registry.clients.rotateSecret(client.tenant, client.clientId);
  const took = await milliseconds(everywhere.slice(0, 2), client, "refused");
  expect(Math.max(...took), `${took}`).toBeLessThan(boundMilliseconds);
  expect(await answersOf({ ...client, secret })).toEqual(everywhere.map(() => "accepted"));
});

test.each([0, 1])("a tenant that is deleted at registry %i is refused by every replica within a second", async (index) => {
  const client = await knownClient();
  await registryAt(index).registry.tenants.delete(client.tenant);
  await expectRefusedEverywhere(client);
});

test.each([0, 1])("what is deleted while registry %i is killed is refused by every replica within a second", async (index) => {
  const client = await knownClient();
  const { replica } = registryAt(index);
  replica.program.signal("SIGKILL");
  await replica.program.ended();
  try {
    await registryAt(1 - index).registry.clients.delete(client.tenant, client.clientId);
    await expectRefusedEverywhere(client);
  } finally {
    replica.startAgain();
    await reachable(index);
  }
});

test.each([0, 1])(
  "what is deleted while registry %i stands still, its connections open, is accepted by no replica for longer than a second",
  async (index) => {
    const client = await knownClient();
    const { program } = registryAt(index).replica;
    program.signal("SIGSTOP");
    try {
      await registryAt(1 - index).registry.clients.delete(client.tenant, client.clientId);
      const began = performance.now();
      const accepted = await Promise.all(everywhere.map((ask) => lastAccepted(ask, client)));
      expect(Math.max(...accepted) - began, `${accepted.map((at) => at - began)}`).toBeLessThan(boundMilliseconds);
    } finally {
      program.signal("SIGCONT");
      await reachable(index);
    }
    await expectRefusedEverywhere(client);
  },
);

test("a watcher whose registry was killed goes on at another from where it was, and misses nothing", async () => {
  const [one, other] = [registryAt(0), registryAt(1)];
  const leaving = new AbortController();
  const events = one.registry.watch({ signal: leaving.signal })[Symbol.asyncIterator]();
  const ready = (await events.next()).value;
  const { tenant, clientId } = await knownClient();
  one.replica.program.signal("SIGKILL");
  await one.replica.program.ended();
  try {
    await other.registry.clients.rotateSecret(tenant, clientId);
    await other.registry.clients.delete(tenant, clientId);
    const told: RegistryEvent[] = [];
    for await (const event of other.registry.watch({ from: ready?.position ?? "", signal: leaving.signal })) {
      // Of the tenants that were deleted before, each new watcher is told.
      if (event.kind === "tenant" && event.deleted) continue;
      if (told.push(event) === 5) break;
    }
    expect(told).toMatchObject([
      { kind: "ready", resumed: true },
      { kind: "tenant", name: tenant, deleted: false },
      { kind: "client", clientId, deleted: false },
      { kind: "client", clientId, deleted: false },
      { kind: "client", clientId, deleted: true },
    ]);
  } finally {
    leaving.abort();
    one.replica.startAgain();
    await reachable(0);
  }
});

test("without any registry, what is in memory is used for at most a second more, and again once there is one", async () => {
  const client = await knownClient();
  for (const { program } of signet.replicas["client-registry"]) program.signal("SIGKILL");
  await Promise.all(signet.replicas["client-registry"].map(({ program }) => program.ended()));
  // A second from when the stream ended, which is some time after the process has; and the last request takes its time, too.
  const took = await milliseconds(everywhere, client, "unavailable");
  expect(Math.max(...took), `${took}`).toBeLessThan(1.5 * boundMilliseconds);

  for (const replica of signet.replicas["client-registry"]) replica.startAgain();
  await Promise.all([reachable(0), reachable(1)]);
  const recovered = await milliseconds(everywhere, client, "accepted");
  expect(Math.max(...recovered), `${recovered}`).toBeLessThan(5000);
});

/** Resolves once the registry that was started again answers. */
async function reachable(index: number): Promise<void> {
  const { registry } = registryAt(index);
  const end = performance.now() + 20_000;
  while (performance.now() < end) {
    const found = await registry.tenants.get("default").catch((error: unknown) => error);
    if (!(found instanceof Error)) return;
  }
  throw new Error(`registry ${index} is not reachable`);
}
