import { X509Certificate } from "node:crypto";
import { get as getHttp } from "node:http";
import { get as getHttps } from "node:https";
import type { App, Configs, TlsConfig } from "@signet/config";
import { checkHealth } from "@signet/rpc/network";
import { clientTls } from "./open-channel.ts";

const timeoutMilliseconds = 2000;

/** Whether the program that runs beside this one, with this configuration, says that it can serve. */
export async function isReady<Name extends App>(config: Configs[Name]): Promise<boolean> {
  if ("rpcListen" in config) return checkHealth(...placeOf(config.rpcListen, config.tls));
  return answersReady(config.https !== undefined, `${hostOf(config.host)}:${config.port}`);
}

/** Over TLS with whatever certificate: it is asked at an address that is in none, nothing is told to it, and nothing but this believed. */
function answersReady(isSecure: boolean, place: string): Promise<boolean> {
  const options = { signal: AbortSignal.timeout(timeoutMilliseconds), agent: false };
  return new Promise((resolve) => {
    const asked = isSecure
      ? getHttps(`https://${place}/readyz`, { ...options, rejectUnauthorized: false })
      : getHttp(`http://${place}/readyz`, options);
    asked.once("response", (reply) => {
      resolve(reply.statusCode === 200);
      reply.destroy();
    });
    asked.on("error", () => resolve(false));
  });
}

/** Where to ask whoever listens there: by a name that is in the certificate, which need not have the address. */
function placeOf(listen: string, tls: TlsConfig): Parameters<typeof checkHealth> {
  const address = loopbackOf(listen);
  const options = { timeoutMilliseconds, tls: clientTls(tls) };
  const name = nameIn(tls.certificate);
  if (name === undefined) return [address, options];
  const { hostname, port } = new URL(address);
  return [`grpcs://${name}:${port}`, { ...options, lookup: async () => [hostname.replace(/^\[|\]$/g, "")] }];
}

function nameIn(certificate: string | undefined): string | undefined {
  const names = certificate === undefined ? "" : (new X509Certificate(certificate).subjectAltName ?? "");
  return /DNS:([^,\s]+)/.exec(names)?.[1]?.replace("*", "health");
}

/** Whoever listens at every address is asked at one of them. */
function loopbackOf(url: string): string {
  return url.replace("//0.0.0.0:", "//127.0.0.1:").replace("//[::]:", "//[::1]:");
}

function hostOf(host: string): string {
  if (host === "0.0.0.0") return "127.0.0.1";
  if (host === "::") return "[::1]";
  return host.includes(":") && !host.startsWith("[") ? `[${host}]` : host;
}
