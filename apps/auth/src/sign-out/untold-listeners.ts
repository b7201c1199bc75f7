import type { SignOutDeliveryOptions } from "./sign-out-delivery.ts";

export interface UntoldListeners {
  readonly logger: { warn(members: object, message: string): void };
  /** Counts sign-outs of which applications were not told, by why. */
  readonly onUntold?: ((reason: "given_up" | "crowded_out", count: number) => void) | undefined;
}

/** Writes into the log that applications were not told of sign-outs, and why, and has it counted. They may still hold sessions of the people's. */
export function untoldListeners({
  logger,
  onUntold,
}: UntoldListeners): Pick<SignOutDeliveryOptions, "onGivenUp" | "onCrowdedOut"> {
  return {
    onGivenUp({ tenantName, clientId, attempts }, error) {
      logger.warn(
        { tenant: tenantName, client: clientId, attempts, err: error },
        "an application could not be told of a sign-out",
      );
      onUntold?.("given_up", 1);
    },
    onCrowdedOut({ name }, count) {
      logger.warn(
        { tenant: name, count },
        "applications were not told of sign-outs: more wait at the tenant than may, and the oldest went",
      );
      onUntold?.("crowded_out", count);
    },
  };
}
