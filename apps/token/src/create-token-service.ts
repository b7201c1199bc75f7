import type { token } from "@signet/contracts";
import { type Clock, parseGrantId, type Random, ResourceError, type Tenant, type TenantId } from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import { onBehalfOf } from "@signet/rpc";
import type { Sealer } from "@signet/sealing";
import type { TokenStores } from "@signet/storage";
import { exchange } from "./grants/exchange.ts";
import type { AuthClient } from "./grants/grant.ts";
import { grantExpiry } from "./grants/grant-expiry.ts";
import { createKeyRings } from "./keys/key-rings.ts";
import { createIssue } from "./tokens/issue.ts";
import { userInfo } from "./userinfo/userinfo.ts";

export interface TokenServiceDependencies {
  readonly stores: TokenStores;
  readonly directory: Directory;
  readonly auth: AuthClient;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
  /** What every issuer begins with, without a trailing slash. */
  readonly publicUrl: string;
  /** How long after its use a refresh token still gets the same successor; 10 s unless given. */
  readonly refreshGraceMilliseconds?: number;
}

export function createTokenService(dependencies: TokenServiceDependencies): token.TokenServiceImplementation {
  const { stores, directory, auth, sealer, clock, random, publicUrl, refreshGraceMilliseconds = 10_000 } = dependencies;
  const { grants, accessTokens } = stores;
  const keys = createKeyRings({ store: stores.signingKeys, sealer, clock });
  const issue = createIssue({ keys, accessTokens, random, publicUrl });
  const exchanging = { auth, clock, directory, grants, issue, random, refreshGraceMilliseconds };
  const inquiring = { accessTokens, auth, directory, grants, keys, publicUrl };

  async function tenantNamed(name: string): Promise<Tenant> {
    const tenant = await directory.tenant(name);
    if (tenant === undefined) throw new ResourceError("not_found", "there is no such tenant");
    return tenant;
  }

  return {
    async exchange(request, context) {
      return exchange(request, await tenantNamed(request.tenant), onBehalfOf(context), exchanging);
    },
    async userInfo({ tenant, accessToken }, context) {
      const request = { tenant: await tenantNamed(tenant), accessToken, now: clock(), call: onBehalfOf(context) };
      return { claims: await userInfo(request, inquiring) };
    },
    async jwks({ tenant }) {
      const { id } = await tenantNamed(tenant);
      return { jwks: await keys.jwks(id) };
    },
    async revokeGrant({ tenant, grantId }) {
      const { id, settings } = await tenantNamed(tenant);
      const grant = parseGrantId(grantId);
      if (grant !== undefined) await grants.revoke(id, grant, grantExpiry(settings, "refreshable", clock()));
      return {};
    },
  };
}

/** For the directory to call when it learns that a tenant was deleted: removes all that this service keeps of it. */
export function onTenantDeleted({
  stores,
  sealer,
}: Pick<TokenServiceDependencies, "stores" | "sealer">): (tenant: TenantId) => Promise<void> {
  return async (tenant) => {
    const { grants, accessTokens, signingKeys, tokenDataKeys } = stores;
    await Promise.all([grants, accessTokens, signingKeys, tokenDataKeys].map((store) => store.deleteTenant(tenant)));
    sealer.forget(tenant);
  };
}
