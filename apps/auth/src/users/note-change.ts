import { later, type Tenant, type UserId } from "@signet/protocol";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { codeLifetimeMilliseconds } from "../authorization/issue-code.ts";

type Dependencies = Pick<AuthDependencies, "clock"> & {
  readonly stores: Pick<AuthDependencies["stores"], "codes">;
};

/**
 * Comes right before a user is changed or deleted in a way that ends their codes: whoever redeems one that was issued before looks the user up.
 * @throws ResourceError unavailable: nothing may be changed then
 */
export async function noteChange(tenant: Tenant, user: UserId, { stores, clock }: Dependencies): Promise<void> {
  await stores.codes.noteUserChange(tenant.id, user, later(clock(), codeLifetimeMilliseconds));
}
