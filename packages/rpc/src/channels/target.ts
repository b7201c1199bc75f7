import { isIP } from "node:net";

/** What a channel's or a server's address says. */
export type Target =
  | { readonly carrier: "inproc"; readonly name: string }
  | { readonly carrier: "grpc" | "mux"; readonly isSecure: boolean; readonly host: string; readonly port: number };

const carriers = {
  "grpc:": { carrier: "grpc", isSecure: false },
  "grpcs:": { carrier: "grpc", isSecure: true },
  "mux:": { carrier: "mux", isSecure: false },
  "muxs:": { carrier: "mux", isSecure: true },
} as const;

/**
 * `inproc:name`, or `grpc:`, `grpcs:`, `mux:` or `muxs:` and `//host:port`.
 * @throws Error for anything else
 */
export function parseTarget(text: string): Target {
  const url = URL.parse(text);
  if (url?.protocol === "inproc:" && url.pathname !== "") return { carrier: "inproc", name: url.pathname };
  const found = Object.entries(carriers).find(([protocol]) => protocol === url?.protocol)?.[1];
  const rest = url === null ? "" : `${url.pathname}${url.search}${url.hash}${url.username}${url.password}`;
  if (url === null || found === undefined || url.hostname === "" || url.port === "" || (rest !== "" && rest !== "/")) {
    throw new Error(`"${text}" is no address of a service: inproc:name, or grpc:, grpcs:, mux: or muxs: and //host:port`);
  }
  // An IPv6 address stands in brackets in a URL, and nowhere else.
  return { ...found, host: url.hostname.replace(/^\[(.*)\]$/, "$1"), port: Number(url.port) };
}

/** An address as grpc-js takes it, which never looks it up. */
export function grpcTarget(address: string, port: number): string {
  return isIP(address) === 6 ? `ipv6:[${address}]:${port}` : `ipv4:${address}:${port}`;
}
