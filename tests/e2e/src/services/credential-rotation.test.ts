import { randomBytes } from "node:crypto";
import { mkdtemp, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DeployedServices, newApplication, obtainTokens, type ServiceName, services } from "@signet/testkit";
import { expect, onTestFinished, test } from "vitest";
import { call, connectTo, delimited } from "../registry/http2-call.ts";
import { attempt, expectUnavailable } from "./attempts.ts";
import { deployReady, entriesOf, type RpcServiceName, rpcServices, statusOf, until } from "./deployed.ts";
import { homeOf } from "./home.ts";
import { startRequests } from "./requests-meanwhile.ts";
import { expectToGoOn } from "./running-services.ts";

const callersOf = {
  "client-registry": ["gateway", "auth", "token"],
  auth: ["gateway", "token"],
  token: ["gateway", "auth"],
} as const;
const callers = ["gateway", "auth", "token"] as const;
type Caller = (typeof callers)[number];
type Tokens = Readonly<Record<Caller, string>>;

const newTokens = (): Tokens => ({ gateway: newToken(), auth: newToken(), token: newToken() });
const newToken = () => randomBytes(32).toString("base64url");

/** The files of a deployment, which its programs follow. */
async function filesIn(folder: string, first: Tokens) {
  const path = (name: ServiceName, what: string) => join(folder, `${name}.${what}`);
  /** As whoever replaces a file that is being read ought to. */
  async function write(file: string, text: string): Promise<void> {
    await writeFile(`${file}.new`, text);
    await rename(`${file}.new`, file);
  }
  const files = {
    async accept(...accepted: readonly Tokens[]) {
      for (const name of rpcServices) {
        const entries = callersOf[name].flatMap((caller) => accepted.map((tokens) => `${caller}=${tokens[caller]}\n`));
        await write(path(name, "callers"), entries.join(""));
      }
    },
    async show(shown: Tokens) {
      for (const caller of callers) await write(path(caller, "token"), `${shown[caller]}\n`);
    },
  };
  await files.accept(first);
  await files.show(first);
  const own = {
    "client-registry": { SIGNET_CALLERS_FILE: path("client-registry", "callers") },
    auth: { SIGNET_CALLERS_FILE: path("auth", "callers"), SIGNET_SERVICE_TOKEN_FILE: path("auth", "token") },
    token: { SIGNET_CALLERS_FILE: path("token", "callers"), SIGNET_SERVICE_TOKEN_FILE: path("token", "token") },
    gateway: { SIGNET_SERVICE_TOKEN_FILE: path("gateway", "token") },
  };
  return { ...files, own };
}

/** How often a program has taken over a setting that changed: once for each of its channels and its callers. */
function takenOver(deployed: DeployedServices, name: ServiceName): number {
  return entriesOf(deployed.programs[name]).filter(({ msg }) => msg === "a setting has changed and is in force").length;
}

/** Resolves once each of these has taken over so many more than before. */
async function change(deployed: DeployedServices, more: Partial<Record<ServiceName, number>>, act: () => Promise<void>) {
  const goals = services.map((name) => [name, takenOver(deployed, name) + (more[name] ?? 0)] as const);
  await act();
  for (const [name, goal] of goals) await until(() => expect([name, takenOver(deployed, name)]).toEqual([name, goal]));
}

async function statusWith(deployed: DeployedServices, name: RpcServiceName, token: string): Promise<number> {
  const connection = connectTo(deployed.replicasOf(name)[0]?.url ?? "");
  const paths = {
    "client-registry": "/signet.registry.v1.ClientRegistryService/ListTenants",
    auth: "/signet.auth.v1.AuthService/GetSession",
    token: "/signet.token.v1.TokenService/Jwks",
  };
  const headers = { authorization: `Bearer ${token}` };
  const status = await statusOf(call(connection, paths[name], delimited(Buffer.alloc(0)), headers));
  connection.destroy();
  return status;
}

test("the services' tokens are replaced by their files alone, without a failed request, and then the earlier ones are refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "signet-tokens-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const [earlier, later] = [newTokens(), newTokens()];
  const files = await filesIn(folder, earlier);
  const deployed = await deployReady({ own: files.own, environment: { SIGNET_LOG_LEVEL: "info" } });
  const home = await homeOf(deployed);
  const application = await newApplication(home);
  const tokens = await obtainTokens(application);

  const requests = startRequests(home, application, tokens.refresh_token);
  await requests.answered(5);
  const server = { "client-registry": 1, auth: 1, token: 1 };
  await change(deployed, server, () => files.accept(earlier, later));
  await requests.answered(5);
  await change(deployed, { auth: 2, token: 2, gateway: 3 }, () => files.show(later));
  await requests.answered(5);
  await change(deployed, server, () => files.accept(later));
  await requests.answered(20);
  expect(await requests.stop()).toEqual([]);

  for (const name of rpcServices) {
    for (const caller of callersOf[name]) expect(await statusWith(deployed, name, earlier[caller])).toBe(16);
    expect(await statusWith(deployed, name, later.gateway)).not.toBe(16);
  }
}, 60_000);

test("a gateway whose token is wrong is unavailable, and no answer to its users: discovery goes on, and the log says why", async () => {
  const folder = await mkdtemp(join(tmpdir(), "signet-tokens-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  const shown = newTokens();
  const files = await filesIn(folder, shown);
  const deployed = await deployReady({ own: files.own, environment: { SIGNET_LOG_LEVEL: "info" } });
  await homeOf(deployed);
  await expectToGoOn(deployed);
  const listing = () => fetch(`${deployed.url}/v1/workplaces`, { headers: { "X-Auth-Token": deployed.adminToken } });
  expect((await listing()).status).toBe(200);

  await change(deployed, { "client-registry": 1, auth: 1, token: 1 }, () => files.accept({ ...shown, gateway: newToken() }));
  await until(async () => expect((await listing()).status).not.toBe(200));
  const refused = await attempt(listing);
  await expectUnavailable(refused);
  const text = await refused.reply.text();
  expect(text).not.toMatch(/gateway|service token|caller/);
  await expectToGoOn(deployed);

  const requestId = /error id ([0-9a-f]+)/.exec(text)?.[1];
  await until(() =>
    expect(entriesOf(deployed.programs.gateway)).toContainEqual(
      expect.objectContaining({ level: "error", msg: "a request failed", status: 503, requestId }),
    ),
  );
  const attempts = () => entriesOf(deployed.programs["client-registry"]).filter(({ msg }) => msg === "a caller was refused");
  const line = { level: "warn", reason: "a service token is required", method: expect.stringMatching(/Connect$/) };
  await until(() => expect(attempts()).toContainEqual(expect.objectContaining(line)));
  for (const { level, err } of attempts()) expect([level, err]).toEqual(["warn", undefined]);
}, 60_000);
