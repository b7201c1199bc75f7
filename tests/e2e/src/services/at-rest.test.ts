import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkHealth } from "@signet/rpc/network";
import {
  administer,
  authorizationUrl,
  createTenant,
  createUser,
  type DeployedServices,
  newApplication,
  newPkce,
  obtainCode,
  obtainTokens,
  type Replica,
  refresh,
  tokenRequest,
  tokensOf,
  userAgent,
  userinfo,
} from "@signet/testkit";
import { expect, onTestFinished, test } from "vitest";
import { granted, outcome } from "../outcomes.ts";
import { formsIn } from "../secret-forms.ts";
import { dumpOfMongodb, dumpOfRedis } from "./database-dumps.ts";
import { deployReady, entriesOf, failureOf, stop, until } from "./deployed.ts";
import { homeOf } from "./home.ts";
import { type RequestsMeanwhile, startRequests } from "./requests-meanwhile.ts";

test("K8: MongoDB and Redis without the key-encryption key have no secret, password, token, code, cookie or private key in them", async () => {
  const deployed = await deployReady({ callers: ["billing:read"] });
  const home = await homeOf(deployed);
  const acme = await createTenant(home, "acme");
  const alice = { username: "alice", password: "alices own pass phrase" };
  await createUser(home, alice.username, { password: alice.password });
  const metadata = { client_name: "Findable application", access_token_format: "opaque" };
  const application = await newApplication(home, { person: alice, metadata });
  const signing = await Promise.all(
    ["RS256", "ES256", "PS256", "EdDSA", "Ed25519"].map((algorithm) =>
      newApplication(home, { person: alice, metadata: { id_token_signed_response_alg: algorithm } }),
    ),
  );
  const elsewhere = await newApplication(acme, { person: await createUser(acme, "bob") });

  const pkce = newPkce();
  const challenge = { code_challenge: pkce.challenge, code_challenge_method: "S256" };
  const unused = await obtainCode(application, challenge);
  const first = await obtainTokens(application);
  const second = await tokensOf(await refresh(application, first.refresh_token));
  const signed = [];
  for (const one of [...signing, elsewhere]) signed.push(await obtainTokens(one));
  const own = await tokensOf(await tokenRequest(home.url, application.client, { grant_type: "client_credentials" }));
  const undecided = userAgent(home.url);
  const page = await undecided.open(authorizationUrl(home.url, application.client, challenge));
  const mistyped = "a mistyped pass phrase";
  expect((await undecided.submit(page, { username: "alice", password: mistyped })).heading).toBe("Sign in");

  const applications = [application, ...signing, elsewhere];
  const agents = [undecided, ...applications.map(({ agent }) => agent)];
  const secrets = [
    ...[deployed.keyEncryptionKey, home.adminToken, home.adminPassword, home.registrationToken, acme.registrationToken],
    ...[alice.password, elsewhere.person.password, mistyped],
    ...["gateway", "auth", "token", "billing"].map((caller) => deployed.tokenOf(caller)),
    ...applications.map(({ client }) => client.client_secret),
    // An interaction's cookie has the interaction's id before the secret.
    ...agents.flatMap((agent) => [...agent.cookies.values()].map((value) => value.split(".").at(-1) ?? "")),
    ...[unused.code, pkce.verifier],
    ...[first, second, own, ...signed].flatMap((tokens) => [tokens.access_token, tokens.id_token, tokens.refresh_token]),
  ].filter((secret) => secret !== "");
  expect(secrets.length).toBeGreaterThan(35);

  const mongodb = await dumpOfMongodb(deployed.mongodb.url);
  const redis = await dumpOfRedis(deployed.redis.url);
  expect(formsIn(mongodb.bytes, "Findable application")).toEqual(["text"]);
  expect(mongodb.collections.length).toBeGreaterThan(8);
  expect(formsIn(redis.bytes, application.client.client_id)).toContain("text");
  expect(redis.keys.length).toBeGreaterThan(agents.length);
  for (const dumped of [mongodb.bytes, redis.bytes]) {
    expect(secrets.flatMap((secret) => formsIn(dumped, secret).map((form) => [secret, form]))).toEqual([]);
    expect(dumped.toString("latin1")).not.toMatch(/PRIVATE KEY|"(?:d|p|q|dp|dq|qi)":/);
  }
}, 60_000);

const sealing = ["client-registry", "token"] as const;

/** Restarts every process that has the key-encryption key, one after the other, each once the one before serves its callers again. */
async function restartOneByOne(deployed: DeployedServices, requests: RequestsMeanwhile): Promise<void> {
  const replicas: readonly Replica[] = sealing.flatMap((name) => deployed.replicasOf(name));
  for (const replica of replicas) {
    await stop(replica.program);
    replica.startAgain();
    await until(async () => expect(await checkHealth(replica.url, { timeoutMilliseconds: 5000 })).toBe(true));
    await until(() => {
      const answered = entriesOf(replica.program).filter(
        ({ msg, caller }) => msg === "a call was answered" && caller === "gateway",
      );
      expect(answered.length).toBeGreaterThan(5);
    });
    await requests.answered(10);
  }
}

test("K8: the key-encryption key is replaced by restarts of one process after the other, without a failed request", async () => {
  const folder = await mkdtemp(join(tmpdir(), "signet-keys-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [currentFile, previousFile] = [join(folder, "current"), join(folder, "previous")];
  const [earlier, later] = [randomBytes(32).toString("base64"), randomBytes(32).toString("hex")];
  const configure = (current: string, previous: string) =>
    Promise.all([writeFile(currentFile, `${current}\n`), writeFile(previousFile, previous)]);
  await configure(earlier, "");
  const deployed = await deployReady({
    replicas: { "client-registry": 2, token: 2 },
    environment: {
      SIGNET_LOG_LEVEL: "info",
      SIGNET_KEY_ENCRYPTION_KEY_FILE: currentFile,
      SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY_FILE: previousFile,
    },
  });
  const home = await homeOf(deployed);
  const application = await newApplication(home);
  const [held, refreshed] = [await obtainTokens(application), await obtainTokens(application)];
  const jwks = async () => (await fetch(`${home.url}/oauth2/v1/certs`)).text();
  const before = await jwks();

  const requests = startRequests(home, application, refreshed.refresh_token);
  await configure(earlier, later);
  await restartOneByOne(deployed, requests);
  await configure(later, earlier);
  await restartOneByOne(deployed, requests);
  const meanwhile = await createTenant(home, "meanwhile");
  const rewrap = async () => {
    const reply = await fetch(`${home.url}/v1/keys/rewrap`, { method: "POST", headers: { "X-Auth-Token": home.adminToken } });
    return JSON.parse(await reply.text()).result;
  };
  expect(await rewrap()).toEqual({
    registry: { rewrapped: 1, current: 1, unreadable: 0 },
    token: { rewrapped: 1, current: 0, unreadable: 0 },
  });
  await configure(later, "");
  await restartOneByOne(deployed, requests);
  expect(await requests.stop()).toEqual([]);

  const shown = await fetch(`${home.url}/v1/oidc/default/registration?client_id=${application.client.client_id}`, {
    headers: { Authorization: `Bearer ${home.registrationToken}` },
  });
  expect(await shown.json()).toMatchObject({ client_secret: application.client.client_secret });
  expect(await administer(home, "GET", "/meanwhile/oidc")).toMatchObject({ token: meanwhile.registrationToken });
  expect(await outcome(userinfo(home.url, held.access_token))).toEqual(granted);
  expect(await outcome(refresh(application, held.refresh_token))).toEqual(granted);
  expect(await jwks()).toBe(before);

  await configure(earlier, "");
  for (const name of sealing) {
    await stop(deployed.programs[name]);
    const [said] = await failureOf(deployed.start(name, { SIGNET_LOG_LEVEL: "error" }), name);
    expect(said).toMatch(/another key-encryption key.*wrapped by the key-encryption key [0-9a-f]{16}, which is not configured/);
  }
}, 90_000);
