import { ResourceError, type Tenant } from "@signet/protocol";
import { onBehalfOf } from "@signet/rpc";
import type { GrantStore, StoredGrant } from "@signet/storage";
import type { CallContext } from "nice-grpc-common";
import type { AuthClient } from "../grants/grant.ts";
import { type Profile, parseProfile } from "./profile.ts";

export interface GranteeRequest {
  readonly tenant: Tenant;
  readonly grant: StoredGrant;
  /** Of the members of the profile that are asked for. */
  readonly names: readonly string[];
  readonly context: CallContext;
}

export interface GranteeDependencies {
  readonly auth: Pick<AuthClient, "getUserClaims">;
  readonly grants: GrantStore;
}

/**
 * Claims of the user behind a grant. Undefined where the user was blocked or deleted, or where the password or the roles changed since:
 * the grant is revoked then.
 * @throws ResourceError unavailable, with the grant as it was
 */
export async function claimsOfGrantee(
  { tenant, grant, names, context }: GranteeRequest,
  { auth, grants }: GranteeDependencies,
): Promise<Profile | undefined> {
  const user = await auth
    .getUserClaims({ tenant: tenant.name, userId: grant.userId, claims: [...names] }, onBehalfOf(context))
    .catch(undefinedWhereNotFound);
  if (user === undefined || user.blocked || user.epoch !== grant.epoch) {
    await grants.revoke(tenant.id, grant.id, grant.expiresAt);
    return undefined;
  }
  return parseProfile(user.claims);
}

function undefinedWhereNotFound(error: unknown): undefined {
  if (error instanceof ResourceError && error.kind === "not_found") return undefined;
  throw error;
}
