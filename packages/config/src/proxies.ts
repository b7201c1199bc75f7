import { isIP } from "node:net";

/** Addresses that begin with the same bits. */
export interface ProxyRange {
  readonly address: string;
  readonly prefixLength: number;
  readonly family: "ipv4" | "ipv6";
}

const maximumRanges = 256;

/** The ranges of a list with spaces or commas between them, or what is wrong with it. */
export function parseProxies(text: string): readonly ProxyRange[] | { readonly problem: string } {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  if (entries.length > maximumRanges) return { problem: `has more than ${maximumRanges} entries` };
  const ranges: ProxyRange[] = [];
  for (const [index, entry] of entries.entries()) {
    const range = parseRange(entry);
    if (typeof range === "string") return { problem: `${range} in entry ${index + 1}` };
    ranges.push(range);
  }
  return ranges;
}

function parseRange(entry: string): ProxyRange | string {
  const [address = "", length, ...more] = entry.split("/");
  const version = address.includes("%") ? 0 : isIP(address);
  if (version === 0 || more.length > 0) return "has no IP address or range";
  if (version === 6 && address.toLowerCase().startsWith("::ffff:")) return "has an IPv4 address written as IPv6";
  const bits = version === 4 ? 32 : 128;
  const prefixLength = length === undefined ? bits : /^\d{1,3}$/.test(length) ? Number(length) : Number.NaN;
  if (!(prefixLength >= 0 && prefixLength <= bits)) return `has no prefix length from 1 to ${bits}`;
  if (prefixLength === 0) return "would believe everybody";
  return { address, prefixLength, family: version === 4 ? "ipv4" : "ipv6" };
}
