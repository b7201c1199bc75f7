import type { Outbound } from "@signet/outbound";
import type { Clock, Random } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { RegistryStores } from "@signet/storage";
import type { AddressGuard } from "./limits/address-limits.ts";

/** What the service is made of; each use case names the part that it needs. */
export interface RegistryDependencies {
  readonly stores: RegistryStores;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
  readonly outbound: Outbound;
  readonly addresses: AddressGuard;
}
