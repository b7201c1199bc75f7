import type { LookupAddress } from "node:dns";
import { Resolver } from "node:dns/promises";
import type { Lookup } from "./checked-lookup.ts";

/** Asked again once, and given up before a connection would be. */
const patience = { timeout: 300, tries: 2 };

/**
 * Addresses as the DNS has them. The system's own look-up occupies a thread for as long as a name's servers keep silent, and there are two threads for all: whoever
 * has such a name would hold up everybody else. This one occupies none. What only this machine knows, such as its file of hosts, is not in the DNS.
 * @param servers those that the machine is set to, unless given
 */
export function publicAddresses(servers?: readonly string[]): Lookup {
  return async (hostname) => {
    // One of its own: what it concludes of servers from one name's silence does not concern another name.
    const resolver = new Resolver(patience);
    if (servers !== undefined) resolver.setServers(servers);
    const [ipv4, ipv6] = await Promise.allSettled([resolver.resolve4(hostname), resolver.resolve6(hostname)]);
    if (ipv4.status === "rejected" && ipv6.status === "rejected") throw ipv4.reason;
    return [...addressesIn(ipv4, 4), ...addressesIn(ipv6, 6)];
  };
}

function addressesIn(answer: PromiseSettledResult<readonly string[]>, family: 4 | 6): readonly LookupAddress[] {
  return answer.status === "fulfilled" ? answer.value.map((address) => ({ address, family })) : [];
}
