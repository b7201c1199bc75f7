import type { SignOutDeliveryOptions } from "./sign-out-delivery.ts";

interface Log {
  warn(members: object, message: string): void;
}

/** Writes that an application was not told of a sign-out, and why. It may still hold a session of the person's. */
export function logGivenUp(logger: Log): SignOutDeliveryOptions["onGivenUp"] {
  return ({ tenantName, clientId, attempts }, error) =>
    logger.warn({ tenant: tenantName, client: clientId, attempts, err: error }, "an application could not be told of a sign-out");
}
