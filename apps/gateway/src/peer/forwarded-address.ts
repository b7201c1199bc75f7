import { isIP, SocketAddress } from "node:net";

/** More proxies than this stand before nobody. */
const maximumHops = 32;

/**
 * Where a request came from that a trusted proxy handed on: the last address in X-Forwarded-For that is none of a trusted proxy, since whatever stands before it
 * anybody can have written. Where all are trusted, the first. An entry that is no address is the end of what can be believed: then it is `connected`, the proxy itself.
 */
export function forwardedAddress(
  header: string | string[] | undefined,
  connected: string,
  isTrusted: (address: string) => boolean,
): string {
  const hops = (typeof header === "string" ? header : (header ?? []).join(",")).split(",").slice(-maximumHops);
  let nearest = connected;
  for (const hop of hops.reverse()) {
    const address = addressIn(hop.trim());
    if (address === undefined) return connected;
    if (!isTrusted(address)) return address;
    nearest = address;
  }
  return nearest;
}

/** `192.0.2.1`, `192.0.2.1:443`, `2001:db8::1`, `[2001:db8::1]`, `[2001:db8::1]:443`; in one spelling, so that a caller has one address only. */
function addressIn(hop: string): string | undefined {
  const text = /^\[([0-9A-Fa-f:.]{2,45})\](?::\d{1,5})?$/.exec(hop)?.[1] ?? /^([\d.]{7,15}):\d{1,5}$/.exec(hop)?.[1] ?? hop;
  if (text.length > 45 || text.includes("%")) return undefined;
  const version = isIP(text);
  if (version === 0) return undefined;
  return version === 4 ? text : plainAddress(new SocketAddress({ address: text, family: "ipv6" }).address);
}

const mapped = "::ffff:";

/** An IPv4 address as such where it is written as IPv6, as it is for a connection to a listener on every address. */
export function plainAddress(address: string): string {
  return address.startsWith(mapped) && address.includes(".") ? address.slice(mapped.length) : address;
}
