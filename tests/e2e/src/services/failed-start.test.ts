import { createServer } from "node:net";
import { type DeployedServices, deployServices, type ServiceName, services } from "@signet/testkit";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { failureOf, rpcServices } from "./deployed.ts";

const secret = "0123456789abcdef0123456789abcdef";
const certificate = "-----BEGIN CERTIFICATE-----\nbm8gY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----";
const key = "-----BEGIN PRIVATE KEY-----\nbm8ga2V5\n-----END PRIVATE KEY-----";

let deployed: DeployedServices;
beforeAll(async () => {
  deployed = await deployServices();
});
afterAll(() => deployed.stop());

/** What a start says that must not come up. */
function failedStart(name: ServiceName, changes: Readonly<Record<string, string>>): Promise<readonly string[]> {
  return failureOf(deployed.start(name, changes), name);
}

const without = { SIGNET_SERVICE_TOKEN: "", SIGNET_CALLERS: "", SIGNET_PUBLIC_URL: "" };
const secrets = { SIGNET_ADMIN_TOKEN: "", SIGNET_ADMIN_PASSWORD: "", SIGNET_KEY_ENCRYPTION_KEY: "" };
const orFile = (name: string) => `${name} is required, or ${name}_FILE`;

test.each<[ServiceName, readonly string[]]>([
  ["gateway", ["SIGNET_PUBLIC_URL is required", orFile("SIGNET_SERVICE_TOKEN")]],
  ["client-registry", ["SIGNET_CALLERS", "SIGNET_KEY_ENCRYPTION_KEY", "SIGNET_ADMIN_TOKEN"].map(orFile)],
  ["auth", ["SIGNET_PUBLIC_URL is required", ...["SIGNET_CALLERS", "SIGNET_SERVICE_TOKEN", "SIGNET_ADMIN_PASSWORD"].map(orFile)]],
  [
    "token",
    ["SIGNET_PUBLIC_URL is required", ...["SIGNET_CALLERS", "SIGNET_SERVICE_TOKEN", "SIGNET_KEY_ENCRYPTION_KEY"].map(orFile)],
  ],
])("%s names every setting that is missing, a line for each", async (name, lines) => {
  expect(await failedStart(name, { ...without, ...secrets })).toEqual(lines);
});

test("a setting that cannot be used is named, without its value", async () => {
  const cases: [ServiceName, Readonly<Record<string, string>>, RegExp][] = [
    ["gateway", { SIGNET_PUBLIC_URL: "http://signet.example" }, /^SIGNET_PUBLIC_URL must be an https: URL/],
    ["gateway", { SIGNET_SERVICE_TOKEN: "too-short-a-secret" }, /^SIGNET_SERVICE_TOKEN must be 32 to 256/],
    ["gateway", { SIGNET_SERVICE_TOKEN_FILE: "/nowhere/token" }, /^SIGNET_SERVICE_TOKEN_FILE names no file/],
    ["gateway", { SIGNET_TLS_CERTIFICATE: certificate }, /^SIGNET_TLS_CERTIFICATE and SIGNET_TLS_KEY are given together/],
    ["gateway", { SIGNET_TLS_AUTHORITIES: certificate }, /^SIGNET_TLS_AUTHORITIES cannot be used: /],
    ["auth", { SIGNET_CALLERS: `gateway=${secret} ${secret}` }, /^SIGNET_CALLERS has no caller in entry 2: name=token/],
    ["auth", { SIGNET_CALLERS: `gatway=${secret}` }, /^SIGNET_CALLERS names gatway, who may call nothing .* gateway, token$/],
    ["auth", { SIGNET_CALLERS: "gateway=certificate:gateway" }, /^SIGNET_CALLERS knows gateway by a certificate, which needs/],
    ["auth", { SIGNET_RPC_LISTEN: "grpcs://127.0.0.1:1" }, /^SIGNET_RPC_LISTEN is grpcs:, which needs SIGNET_TLS_CERTIFICATE/],
    ["auth", { SIGNET_ADMIN_PASSWORD: "short" }, /^SIGNET_ADMIN_PASSWORD must have at least 8 characters$/],
    ["token", { SIGNET_KEY_ENCRYPTION_KEY: "no key" }, /^SIGNET_KEY_ENCRYPTION_KEY must be 32 bytes/],
    ["token", { SIGNET_TLS_CERTIFICATE: certificate, SIGNET_TLS_KEY: key }, /^SIGNET_TLS_CERTIFICATE with SIGNET_TLS_KEY cannot/],
    ["token", { SIGNET_AUTH_URL: "http://localhost:1" }, /^SIGNET_AUTH_URL must be mux:\/\/host:port/],
    ["client-registry", { SIGNET_MONGODB_URL: `mongodb://a:${secret}@:x/` }, /^SIGNET_MONGODB_URL cannot be used: /],
    ["client-registry", { SIGNET_REDIS_URL: `redis://a:${secret}@:x/` }, /^SIGNET_REDIS_URL cannot be used: /],
  ];
  for (const [name, changes, said] of cases) {
    const lines = await failedStart(name, changes);
    expect(lines).toEqual([expect.stringMatching(said)]);
    expect(lines.join()).not.toMatch(/0123456789|too-short/);
  }
}, 60_000);

test("a setting of another program, or of none, stops the start", async () => {
  const lines = await failedStart("gateway", { SIGNET_REDIS_URL: "redis://localhost", SIGNET_CALERS: "x" });
  expect(lines.toSorted()).toEqual(["SIGNET_CALERS is no setting of Signet", "SIGNET_REDIS_URL is no setting of gateway"]);
});

test("an argument that is none stops the start", async () => {
  expect(await failureOf(deployed.startWithArgument("token", "helth"), "token")).toEqual([
    '"helth" is no argument of Signet: there is health, or none',
  ]);
});

test("an address that is in use, or none of this machine's, stops the start", async () => {
  const occupant = createServer();
  await new Promise<void>((resolve) => occupant.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void occupant.close());
  const address = occupant.address();
  if (address === null || typeof address === "string") throw new Error("the occupant has no port");
  const inUse = expect.stringMatching(new RegExp(`EADDRINUSE: address already in use 127.0.0.1:${address.port}`));
  expect(await failedStart("gateway", { SIGNET_PORT: String(address.port) })).toEqual([inUse]);
  for (const name of rpcServices)
    expect(await failedStart(name, { SIGNET_RPC_LISTEN: `grpc://127.0.0.1:${address.port}` })).toEqual([inUse]);
  for (const name of services)
    expect(await failedStart(name, { SIGNET_METRICS_LISTEN: `127.0.0.1:${address.port}` })).toEqual([inUse]);
  expect(await failedStart("auth", { SIGNET_RPC_LISTEN: "grpc://192.0.2.1:4012" })).toEqual([
    expect.stringMatching(/^cannot listen at grpc:\/\/192\.0\.2\.1:4012: .*EADDRNOTAVAIL/),
  ]);
}, 60_000);
