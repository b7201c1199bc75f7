import { BlockList, isIP } from "node:net";
import type { ProxyRange } from "@signet/config";

/** Whether an IP address is in one of the ranges; no other text is. */
export function isInRanges(ranges: readonly ProxyRange[]): (address: string) => boolean {
  const list = new BlockList();
  for (const { address, prefixLength, family } of ranges) list.addSubnet(address, prefixLength, family);
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? "ipv4" : "ipv6");
  };
}
