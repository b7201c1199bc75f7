import { isIP } from "node:net";
import { OutboundError } from "../outbound-error.ts";
import { isPublicAddress } from "./public-address.ts";

const longestUrl = 2048;

/** Where a request goes: the address is well-formed and of a scheme and a host that may be asked. What a name stands for is only known when it is looked up. */
export interface Target {
  readonly url: URL;
  /** A host that the deployment names: it may be private, and plain `http:`. */
  readonly isAllowed: boolean;
}

/** Hosts that a deployment allows, as `host` for every port of it or `host:port`. */
export type AllowedHosts = ReadonlySet<string>;

/**
 * The target of an absolute URL. Its parser makes one dotted quad of every notation of an IPv4 address, so a literal address is judged as what it is.
 * @throws OutboundError not_allowed
 */
export function parseTarget(address: string, allowedHosts: AllowedHosts, base?: URL): Target {
  if (address.length > longestUrl) throw notAllowed(`the address is longer than ${longestUrl} characters`);
  const url = URL.canParse(address, base) ? new URL(address, base) : undefined;
  if (url === undefined) throw notAllowed("the address is no absolute URL");
  if (url.username !== "" || url.password !== "") throw notAllowed("the address has credentials");
  const isAllowed = allowedHosts.has(url.hostname) || allowedHosts.has(`${url.hostname}:${portOf(url)}`);
  if (url.protocol !== "https:" && !(url.protocol === "http:" && isAllowed)) throw notAllowed("the address is not https:");
  const literal = url.hostname.replace(/^\[(.*)\]$/, "$1");
  if (!isAllowed && isIP(literal) !== 0 && !isPublicAddress(literal)) throw notAllowed(`${literal} is no public address`);
  return { url, isAllowed };
}

function portOf({ port, protocol }: URL): string {
  return port !== "" ? port : protocol === "https:" ? "443" : "80";
}

function notAllowed(message: string): OutboundError {
  return new OutboundError("not_allowed", message);
}
