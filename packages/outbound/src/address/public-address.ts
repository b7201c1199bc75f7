import { BlockList, isIP, isIPv4 } from "node:net";

/** Of IPv4: what the IANA registry of special-purpose addresses (RFC 6890) does not call globally reachable, and what is no host's at all. */
const special: readonly (readonly [network: string, prefix: number])[] = [
  ["0.0.0.0", 8], // this network, RFC 791
  ["10.0.0.0", 8], // private, RFC 1918
  ["100.64.0.0", 10], // shared between a provider and its customers, RFC 6598
  ["127.0.0.0", 8], // loopback, RFC 1122
  ["169.254.0.0", 16], // link-local, RFC 3927: the metadata services of clouds, too
  ["172.16.0.0", 12], // private, RFC 1918
  ["192.0.0.0", 24], // protocol assignments, RFC 6890
  ["192.0.2.0", 24], // documentation, RFC 5737
  ["192.88.99.0", 24], // 6to4 relays, RFC 7526
  ["192.168.0.0", 16], // private, RFC 1918
  ["198.18.0.0", 15], // benchmarks, RFC 2544
  ["198.51.100.0", 24], // documentation, RFC 5737
  ["203.0.113.0", 24], // documentation, RFC 5737
  ["224.0.0.0", 4], // multicast, RFC 5771
  ["240.0.0.0", 4], // reserved, and broadcast, RFC 1112
];

/** Of 2000::/3: what embeds an IPv4 address, or is no host's. */
const specialUnicast: readonly (readonly [network: string, prefix: number])[] = [
  ["2001::", 23], // protocol assignments, RFC 2928: Teredo (2001::/32), benchmarks (2001:2::/48), ORCHID
  ["2001:db8::", 32], // documentation, RFC 3849
  ["2002::", 16], // 6to4, RFC 3056
  ["3fff::", 20], // documentation, RFC 9637
];

const refusedIpv4 = new BlockList();
for (const [network, prefix] of special) refusedIpv4.addSubnet(network, prefix, "ipv4");

const globalUnicast = new BlockList();
globalUnicast.addSubnet("2000::", 3, "ipv6");
const refusedUnicast = new BlockList();
for (const [network, prefix] of specialUnicast) refusedUnicast.addSubnet(network, prefix, "ipv6");

/**
 * Whether an IP address is one of the public internet's. Of IPv6 only global unicast is (2000::/3, RFC 4291 section 2.4), so nothing mapped
 * (::ffff:0:0/96), translated (64:ff9b::/96), unique-local, link-local or multicast. False for a text that is no address.
 */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !refusedIpv4.check(address, "ipv4");
  return isIP(address) === 6 && globalUnicast.check(address, "ipv6") && !refusedUnicast.check(address, "ipv6");
}
