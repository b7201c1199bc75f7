import { instant, later, type TenantId } from "@signet/protocol";
import { expect } from "vitest";
import { createOutbound, type FetchOptions, type OutboundOptions } from "../outbound.ts";
import type { Remote } from "./remote.ts";

export const tenant = "0123456789abcdef01234567" as TenantId;
export const json: FetchOptions = { tenant, maximumBytes: 1000, accept: "application/json" };
export const failure = (name: string) => expect.objectContaining({ name: "OutboundError", failure: name });

/** An outbound whose names all stand for 127.0.0.1, and whose deployment allows `allowed.test` only. */
export function open(changes: Partial<OutboundOptions> = {}) {
  let now = instant(1_800_000_000_000);
  const lookedUp: string[] = [];
  const outbound = createOutbound({
    allowedHosts: ["allowed.test"],
    clock: () => now,
    async lookup(hostname) {
      lookedUp.push(hostname);
      return [{ address: "127.0.0.1", family: 4 }];
    },
    ...changes,
  });
  return {
    outbound,
    lookedUp,
    advance: (milliseconds: number) => {
      now = later(now, milliseconds);
    },
  };
}

export const at = ({ port }: Remote, path = "/", host = "allowed.test", scheme = "http") => `${scheme}://${host}:${port}${path}`;
