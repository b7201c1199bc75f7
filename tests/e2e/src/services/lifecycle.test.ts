import { randomBytes } from "node:crypto";
import {
  administer,
  createTenant,
  type DeployedServices,
  newApplication,
  obtainTokens,
  refresh,
  type ServiceName,
  services,
  tokenRequest,
  userinfo,
} from "@signet/testkit";
import { describe, expect, test } from "vitest";
import { granted, outcome } from "../outcomes.ts";
import {
  deploy,
  deployReady,
  entriesOf,
  failureOf,
  isServing,
  type RpcServiceName,
  rpcServices,
  stop,
  until,
} from "./deployed.ts";
import { homeOf } from "./home.ts";

const patience = 60_000;

/** Which other services each waits for when it starts. */
const waitsFor = { "client-registry": [], auth: ["client-registry"], token: ["client-registry", "auth"] } as const;

describe("in any order", () => {
  const orders = services.map((_, first) => [...services.slice(first), ...services.slice(0, first)]);

  /** What each program is to say while only some are there. */
  async function expectStates(deployed: DeployedServices, started: ReadonlySet<ServiceName>): Promise<void> {
    const isReady = (name: RpcServiceName) => [name, ...waitsFor[name]].every((other) => started.has(other));
    for (const name of rpcServices)
      if (started.has(name)) expect([name, await isServing(deployed, name)]).toEqual([name, isReady(name)]);
    if (!started.has("gateway")) return;
    expect((await fetch(`${deployed.url}/healthz`)).status).toBe(200);
    const reply = await fetch(`${deployed.url}/readyz`);
    const missing = rpcServices.filter((name) => !isReady(name));
    const said = [reply.status, reply.headers.get("Retry-After"), await reply.json()];
    if (missing.length === 0) expect(said).toEqual([200, null, { status: "ready" }]);
    else expect(said).toEqual([503, "1", { status: "waiting", waiting_for: missing }]);
  }

  test.each(orders.map((order) => [order.join(", "), order] as const))(
    "%s: each lives at once, says what it waits for, and is ready when that is there",
    async (_, order) => {
      const deployed = await deploy();
      const started = new Set<ServiceName>();
      for (const name of order) {
        deployed.start(name);
        started.add(name);
        await until(() => expectStates(deployed, started));
      }
      const discovery = await fetch(`${deployed.url}/.well-known/openid-configuration`);
      expect(await discovery.json()).toMatchObject({ issuer: deployed.url });
    },
    patience,
  );
});

test(
  "asked for its health, a program ends with 0 where the one that runs is ready, else with 1",
  async () => {
    const deployed = await deploy();
    const health = () => Promise.all(services.map((name) => deployed.startWithArgument(name, "health").ended()));
    for (const name of ["client-registry", "auth", "gateway"] as const) deployed.start(name);
    await until(async () => expect(await isServing(deployed, "auth")).toBe(true));
    expect(await health()).toEqual([0, 0, 1, 1]);
    deployed.start("token");
    await deployed.ready();
    expect(await health()).toEqual([0, 0, 0, 0]);
  },
  patience,
);

test(
  "stores that are away are waited for by name, and found when they come; a program that waits stops all the same",
  async () => {
    const deployed = await deploy({ environment: { SIGNET_LOG_LEVEL: "info" } });
    await Promise.all([deployed.mongodb.kill(), deployed.redis.kill()]);
    deployed.startAll();
    for (const name of rpcServices) {
      const waitingFor = ["mongodb", "redis", ...waitsFor[name], "its preparation"];
      await until(() => expect(entriesOf(deployed.programs[name])).toContainEqual(expect.objectContaining({ waitingFor })));
      expect(await isServing(deployed, name)).toBe(false);
    }
    await until(async () => expect((await fetch(`${deployed.url}/readyz`)).status).toBe(503));
    await Promise.all(services.map((name) => stop(deployed.programs[name])));

    deployed.startAll();
    await deployed.mongodb.start();
    await until(() =>
      expect(entriesOf(deployed.programs["client-registry"])).toContainEqual(
        expect.objectContaining({ waitingFor: ["redis", "its preparation"] }),
      ),
    );
    await deployed.redis.start();
    await deployed.ready();
  },
  patience,
);

test(
  "a second start finds the administrator, the tenants and the tokens of the first, and an administration token that was changed meanwhile holds",
  async () => {
    const deployed = await deployReady();
    const home = await homeOf(deployed);
    const acme = await createTenant(home, "acme");
    const application = await newApplication(home);
    const tokens = await obtainTokens(application);
    await Promise.all(services.map((name) => stop(deployed.programs[name])));

    const changed = "a-changed-administration-token-0123456789";
    deployed.start("client-registry", { SIGNET_ADMIN_TOKEN: changed });
    deployed.start("auth", { SIGNET_ADMIN_PASSWORD: "another password than at first" });
    for (const name of ["token", "gateway"] as const) deployed.start(name);
    await deployed.ready();
    expect(await outcome(userinfo(application.issuer, tokens.access_token))).toEqual(granted);
    expect(await outcome(refresh(application, tokens.refresh_token))).toEqual(granted);
    await expect(administer(home, "GET", "/acme/oidc")).rejects.toThrow("401");
    const again = { ...home, adminToken: changed };
    expect(await administer(again, "GET", "/acme/oidc")).toMatchObject({ token: acme.registrationToken });
    expect((await obtainTokens(await newApplication(again))).id_token).not.toBe("");
  },
  patience,
);

test(
  "of several processes of each service that start at once on empty databases, one makes the tenant, the administrator and the keys",
  async () => {
    const deployed = await deployReady({ replicas: { "client-registry": 2, auth: 3, token: 2 } });
    const all = rpcServices.flatMap((name) => deployed.replicasOf(name).map(({ url }) => url));
    expect(all).toHaveLength(7);
    const home = await homeOf(deployed);
    expect(await administer(home, "GET", "/default/users")).toMatchObject([{ username: "admin" }]);
    const application = await newApplication(home);
    const replies = Array.from({ length: 8 }, () =>
      tokenRequest(application.issuer, application.client, { grant_type: "client_credentials" }),
    );
    for (const reply of await Promise.all(replies)) expect(await outcome(reply)).toEqual(granted);
    const jwks = () => fetch(`${home.url}/oauth2/v1/certs`).then((reply) => reply.text());
    expect(new Set(await Promise.all(Array.from({ length: 8 }, jwks))).size).toBe(1);
  },
  patience,
);

test(
  "the key-encryption key that the databases were encrypted under is required, as the current or the previous one",
  async () => {
    const deployed = await deployReady();
    const { client, issuer } = await newApplication(await homeOf(deployed));
    expect(await outcome(tokenRequest(issuer, client, { grant_type: "client_credentials" }))).toEqual(granted);
    const right = deployed.keyEncryptionKey;
    const wrong = { SIGNET_KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64") };
    for (const name of ["token", "client-registry"] as const) {
      await stop(deployed.programs[name]);
      expect(await failureOf(deployed.start(name, wrong), name)).toEqual([
        expect.stringMatching(/^the databases were encrypted under another key-encryption key: set SIGNET_KEY_ENCRYPTION_KEY/),
      ]);
      deployed.start(name, { ...wrong, SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY: right });
      await deployed.ready();
    }
    expect(await outcome(tokenRequest(issuer, client, { grant_type: "client_credentials" }))).toEqual(granted);
  },
  patience,
);
