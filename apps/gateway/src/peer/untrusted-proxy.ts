import type { IncomingMessage } from "node:http";
import { parseProxies } from "@signet/config";
import type { Logger } from "@signet/telemetry";
import { isInRanges } from "./ranges.ts";

/** Hears of requests, and of the addresses that they came from. */
export type UntrustedProxyListener = (message: Pick<IncomingMessage, "headers">, address: string) => void;

/** This machine, and networks whose addresses mean nothing elsewhere: what connects from there may be a proxy in front of Signet; from elsewhere it is more likely a caller's own. */
const nearby = parseProxies(
  "127.0.0.0/8 10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10 169.254.0.0/16 ::1 fc00::/7 fe80::/10",
);
if ("problem" in nearby) throw new Error(nearby.problem);
const isNearby = isInRanges(nearby);

/**
 * Writes one line, at the first request that seems to have come through a proxy in front of Signet which is not named: then all who come through it are one
 * address to the limits on attempts, and a few wrong passwords of one of them keep everybody out.
 */
export function untrustedProxyWarning(logger: Pick<Logger, "warn">): UntrustedProxyListener {
  let isSaid = false;
  return ({ headers }, address) => {
    if (isSaid || (headers["x-forwarded-for"] === undefined && headers.forwarded === undefined) || !isNearby(address)) return;
    isSaid = true;
    logger.warn(
      { address },
      "a request was forwarded by a proxy that SIGNET_TRUSTED_PROXIES does not name: all who come through it count as one address",
    );
  };
}
