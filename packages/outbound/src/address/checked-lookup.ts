import { type LookupAddress, lookup as systemLookup } from "node:dns";
import type { LookupFunction } from "node:net";
import { OutboundError } from "../outbound-error.ts";

/** All addresses of a name. */
export type Lookup = (hostname: string) => Promise<readonly LookupAddress[]>;

/** As every program of this machine looks names up. */
export const systemAddresses: Lookup = (hostname) =>
  new Promise((resolve, reject) => {
    systemLookup(hostname, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
  });

/**
 * What a connection looks its host's name up with: the addresses that it is given are the very ones that were judged, so a name that stands for
 * another address a moment later (DNS rebinding) gains nothing. One address that may not be asked condemns the name.
 */
export function checkedLookup(lookup: Lookup, mayAsk: (address: string) => boolean): LookupFunction {
  return (hostname, options, done) => {
    lookup(hostname).then(
      (addresses) => {
        const refused = addresses.find(({ address }) => !mayAsk(address));
        const [first] = addresses;
        if (refused !== undefined) {
          done(new OutboundError("not_allowed", `${hostname} stands for ${refused.address}, which is no public address`), []);
        } else if (first === undefined) done(new OutboundError("unreachable", `${hostname} has no address`), []);
        else if (options.all === true) done(null, [...addresses]);
        else done(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => done(error, []),
    );
  };
}
