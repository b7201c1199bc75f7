import { randomBytes } from "node:crypto";
import { type App, settingsOf } from "@signet/config";
import { freePort } from "@signet/test-servers";
import { adminPassword, adminToken } from "../signet.ts";

export const services = ["client-registry", "auth", "token", "gateway"] as const;
export type ServiceName = (typeof services)[number];
export type RpcServiceName = Exclude<ServiceName, "gateway">;

/** How many processes a service has where it is not one. */
export type ReplicaCounts = Readonly<Partial<Record<RpcServiceName, number>>>;

/** Each replica has another of this machine's loopback addresses. */
export function addressOf(index: number): string {
  return `127.0.0.${index + 1}`;
}

/** How the others find a service: by its address, or by the name of all its addresses. */
function hostOf(name: RpcServiceName, replicas: ReplicaCounts): string {
  return replicas[name] === undefined ? addressOf(0) : `${name}.test`;
}

/** What makes a program find the addresses of replicas by their names. */
export function nameService(replicas: ReplicaCounts): readonly string[] {
  const url = new URL("name-service.ts", import.meta.url);
  for (const [name, count] of Object.entries(replicas)) {
    for (let index = 0; index < count; index++) url.searchParams.append(`${name}.test`, addressOf(index));
  }
  return url.search === "" ? [] : ["--import", url.href];
}

/** The settings of all programs together. */
export async function settingsFor(redisUrl: string, mongodbUrl: string, replicas: ReplicaCounts, scheme: "http" | "https") {
  const [http, registry, auth, token] = [await freePort(), await freePort(), await freePort(), await freePort()];
  return {
    SIGNET_PUBLIC_URL: `${scheme}://localhost:${http}`,
    SIGNET_PORT: String(http),
    SIGNET_REGISTRY_URL: `mux://${hostOf("client-registry", replicas)}:${registry}`,
    SIGNET_AUTH_URL: `mux://${hostOf("auth", replicas)}:${auth}`,
    SIGNET_TOKEN_URL: `mux://${hostOf("token", replicas)}:${token}`,
    SIGNET_MONGODB_URL: `${mongodbUrl}signet`,
    SIGNET_REDIS_URL: redisUrl,
    SIGNET_KEY_ENCRYPTION_KEY: randomBytes(32).toString("base64"),
    SIGNET_ADMIN_TOKEN: adminToken,
    SIGNET_ADMIN_PASSWORD: adminPassword,
    SIGNET_LOG_LEVEL: "error",
  };
}

const serviceTokens = {
  gateway: "test-service-token-of-the-gateway-01",
  auth: "test-service-token-of-auth-0123456789",
  token: "test-service-token-of-token-012345678",
};

/** What of `settings` the program reads that listens at `address`, and what is its own. */
export function givenTo(
  name: ServiceName,
  settings: RpcUrls & Readonly<Record<string, string>>,
  address: string,
  others: ReadonlyMap<string, string>,
): Record<string, string> {
  const own: Record<string, string> = {
    ...(name === "client-registry" ? {} : { SIGNET_SERVICE_TOKEN: serviceTokens[name] }),
    ...(name === "gateway" ? {} : { SIGNET_RPC_LISTEN: `grpc://${address}:${new URL(urlOf(name, settings)).port}` }),
    ...(name === "gateway" ? {} : { SIGNET_CALLERS: callersOf(name, others) }),
  };
  return readBy(name, { ...settings, ...own });
}

/** What of `settings` a program reads, by itself or from a file. */
export function readBy(name: ServiceName, settings: Readonly<Record<string, string>>): Record<string, string> {
  const read: ReadonlySet<string> = new Set(settingsOf[name satisfies App]);
  return Object.fromEntries(Object.entries(settings).filter(([variable]) => read.has(settingIn(variable))));
}

/** `settings` with `changes`; a file takes the place of the setting itself. */
export function changed(settings: Record<string, string>, changes: Readonly<Record<string, string>>): Record<string, string> {
  const taken = new Set(Object.keys(changes).map(settingIn));
  const left = Object.entries(settings).filter(([variable]) => !taken.has(settingIn(variable)));
  return { ...Object.fromEntries(left), ...changes };
}

function settingIn(variable: string): string {
  return variable.replace(/_FILE$/, "");
}

/** Each service knows those who may call it, and no others. */
function callersOf(name: RpcServiceName, others: ReadonlyMap<string, string>): string {
  const { gateway, auth, token } = serviceTokens;
  if (name === "token") return `gateway=${gateway} auth=${auth}`;
  if (name === "auth") return `gateway=${gateway} token=${token}`;
  return Object.entries({ gateway, auth, token, ...Object.fromEntries(others) })
    .map(([caller, secret]) => `${caller}=${secret}`)
    .join(" ");
}

interface RpcUrls {
  readonly SIGNET_REGISTRY_URL: string;
  readonly SIGNET_AUTH_URL: string;
  readonly SIGNET_TOKEN_URL: string;
}

export function urlOf(name: RpcServiceName, settings: RpcUrls): string {
  const urls = {
    "client-registry": settings.SIGNET_REGISTRY_URL,
    auth: settings.SIGNET_AUTH_URL,
    token: settings.SIGNET_TOKEN_URL,
  };
  return urls[name];
}

/** The service token of a caller: a service's own, or that of one of `others`, by the name without its right. */
export function tokenOf(caller: string, others: ReadonlyMap<string, string>): string {
  const own = Object.entries({ ...serviceTokens, ...Object.fromEntries(others) }).find(([entry]) => nameIn(entry) === caller);
  if (own === undefined) throw new Error(`there is no caller ${caller}`);
  return own[1];
}

/** The name of a caller in an entry that may have its right as well. */
function nameIn(entry: string): string | undefined {
  return entry.split(":")[0];
}
