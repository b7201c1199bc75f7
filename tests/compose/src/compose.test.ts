import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type Application,
  type Home,
  newApplication,
  obtainTokens,
  refresh,
  tokenRequest,
  tokensOf,
  userinfo,
} from "@signet/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { baseImage, type ComposeStack, composeStack, docker, homeOf } from "./compose-stack.ts";

const buildMilliseconds = 600_000;
const upMilliseconds = 150_000;
/** Twice as long as a service takes to see that a file has changed, and more. */
const servicesReadWithinMilliseconds = 3000;
const services = ["gateway", "auth", "token", "client-registry"] as const;

let stack: ComposeStack;
let home: Home;
let millisecondsToHealthy: number;

beforeAll(async () => {
  stack = await composeStack();
  await stack.build();
  const begin = performance.now();
  await stack.up();
  millisecondsToHealthy = performance.now() - begin;
  home = await homeOf(stack);
}, buildMilliseconds);

afterAll(async () => {
  await stack.destroy();
}, upMilliseconds);

async function codeFlow(application: Application): Promise<void> {
  const { access_token } = await obtainTokens(application);
  expect((await userinfo(application.issuer, access_token)).status).toBe(200);
}

test("everything is healthy within 20 seconds of the first start", () => {
  expect(millisecondsToHealthy).toBeLessThan(20_000);
});

test("a person signs in, and the application gets tokens and learns who it is", async () => {
  await codeFlow(await newApplication(home));
});

test("a back end gets a token for itself", async () => {
  const { client, issuer } = await newApplication(home);
  expect((await tokenRequest(issuer, client, { grant_type: "client_credentials" })).status).toBe(200);
});

test.each([...services, "secrets"])("the image of %s is at most 100 MB above its base", async (service) => {
  const sizeOf = async (image: string) => Number(await docker("image", "inspect", "--format", "{{.Size}}", image));
  expect((await sizeOf(`signet/${service}`)) - (await sizeOf(baseImage))).toBeLessThan(100_000_000);
});

test.each(services)("%s is no root, writes nowhere, has no capabilities and a limit of memory", async (service) => {
  const [container = ""] = await stack.containers(service);
  const [inspected] = JSON.parse(await docker("inspect", container));
  expect(inspected.Config.User).toBe("1000:1000");
  expect(inspected.HostConfig).toMatchObject({
    ReadonlyRootfs: true,
    CapDrop: ["ALL"],
    CapAdd: null,
    Privileged: false,
    SecurityOpt: ["no-new-privileges:true"],
    RestartPolicy: { Name: "unless-stopped" },
  });
  expect(inspected.HostConfig.Memory).toBeGreaterThan(0);
  expect(inspected.State.Health.Status).toBe("healthy");
});

test("only the gateway's port is published, and only on this machine", async () => {
  const published: unknown[] = [];
  for (const container of (await stack.compose("ps", "--quiet")).split("\n")) {
    const [{ HostConfig }] = JSON.parse(await docker("inspect", container));
    published.push(...Object.values(HostConfig.PortBindings ?? {}).flat());
  }
  expect(published).toEqual([{ HostIp: "127.0.0.1", HostPort: new URL(stack.url).port }]);
});

const stores = ["mongodb-url", "redis-url"];
const sealing = ["key-encryption-key", "previous-key-encryption-key"];

test.each([
  ["gateway", ["service-token"]],
  ["auth", ["admin-password", "callers", "service-token", ...stores]],
  ["token", ["callers", "service-token", ...sealing, ...stores]],
  ["client-registry", ["admin-token", "callers", ...sealing, ...stores]],
])("%s has the secrets that it needs, and no others", async (service, names) => {
  const listed = await stack.compose("exec", "-T", service, "ls", "-A", "/run/secrets");
  expect(listed.split("\n").sort()).toEqual(names.toSorted());
});

test("a service reaches only its own keys in Redis", async () => {
  const program = `
    const { readFileSync } = require("node:fs");
    const { username, password } = new URL(readFileSync("/run/secrets/redis-url", "utf8").trim());
    const socket = require("node:net").connect(6379, "redis", () => {
      socket.write(["AUTH " + username + " " + password, "GET signet:session:x", "GET signet:access-token:x", "FLUSHALL", "QUIT", ""].join("\\r\\n"));
    });
    socket.pipe(process.stdout);
  `;
  const answers = await stack.compose("exec", "-T", "token", "node", "-e", program);
  expect(answers.split("\r\n").map((line) => line.split(" ", 1)[0])).toEqual(["+OK", "-NOPERM", "$-1", "-NOPERM", "+OK"]);
});

test("with two replicas of token and of auth every flow passes", { timeout: upMilliseconds }, async () => {
  await stack.up("--scale", "token=2", "--scale", "auth=2", "--scale", "gateway=1");
  expect(await stack.containers("token")).toHaveLength(2);
  const application = await newApplication(home);
  for (let flows = 0; flows < 10; flows++) await codeFlow(application);
});

test("a service token is rotated while requests are answered", { timeout: upMilliseconds }, async () => {
  const { client, issuer } = await newApplication(home);
  const statuses = new Set<number>();
  let end = Number.POSITIVE_INFINITY;
  const requests = (async () => {
    while (performance.now() < end)
      statuses.add((await tokenRequest(issuer, client, { grant_type: "client_credentials" })).status);
  })();
  const tokenOfGateway = () => stack.compose("exec", "-T", "gateway", "cat", "/run/secrets/service-token");
  const before = await tokenOfGateway();
  await stack.compose("run", "--rm", "secrets", "rotate", "gateway");
  await stack.compose("run", "--rm", "secrets", "retire", "gateway");
  end = performance.now() + servicesReadWithinMilliseconds;
  await requests;
  expect(await tokenOfGateway()).not.toBe(before);
  expect(await stack.compose("exec", "-T", "auth", "cat", "/run/secrets/callers")).not.toContain(before);
  expect([...statuses]).toEqual([200]);
});

test("what was stored and made is there after the containers were removed and made anew", {
  timeout: 2 * upMilliseconds,
}, async () => {
  const application = await newApplication(home);
  const { refresh_token } = await obtainTokens(application);
  await stack.down();
  await stack.up();
  expect(await stack.logs("secrets")).toBe("All secrets are there; none was made.");
  await tokensOf(await refresh(application, refresh_token));
  await codeFlow(application);
});

test("what was backed up is there after a restore", { timeout: 3 * upMilliseconds }, async () => {
  const volumes = ["mongo-data", "redis-data", "secrets"];
  const folder = mkdtempSync(join(tmpdir(), "signet-backup-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const application = await newApplication(home);
  const { refresh_token } = await obtainTokens(application);
  await stack.compose("stop");
  for (const volume of volumes) await stack.backUp(volume, folder);
  await stack.destroy();
  await stack.compose("create");
  for (const volume of volumes) await stack.restore(volume, folder);
  await stack.up();
  expect(await stack.logs("secrets")).toBe("All secrets are there; none was made.");
  await tokensOf(await refresh(application, refresh_token));
  await codeFlow(application);
  await codeFlow(await newApplication(home));
});

test("the key-encryption key is rotated", { timeout: upMilliseconds }, async () => {
  const application = await newApplication(home);
  await stack.compose("run", "--rm", "secrets", "rotate", "key-encryption-key");
  await stack.compose("up", "--detach", "--wait", "--force-recreate", "--no-deps", "client-registry", "token");
  const reply = await fetch(`${stack.url}/v1/keys/rewrap`, { method: "POST", headers: { "X-Auth-Token": home.adminToken } });
  expect(await reply.json()).toMatchObject({ result: { registry: { unreadable: 0 }, token: { unreadable: 0 } } });
  await stack.compose("run", "--rm", "secrets", "retire", "key-encryption-key");
  await stack.compose("up", "--detach", "--wait", "--force-recreate", "--no-deps", "client-registry", "token");
  await stack.up();
  await codeFlow(application);
});

test("`down --volumes` leaves nothing", { timeout: upMilliseconds }, async () => {
  expect(await stack.volumes()).not.toEqual([]);
  await stack.destroy();
  expect(await stack.volumes()).toEqual([]);
});
