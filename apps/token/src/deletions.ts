import type { TenantId } from "@signet/protocol";
import type { TokenDependencies } from "./token-dependencies.ts";

type Dependencies = Pick<TokenDependencies, "stores" | "sealer">;

/** What the directory calls when a tenant was deleted: nothing of it stays here. May be called again. */
export function onTenantDeleted({ stores, sealer }: Dependencies): (tenant: TenantId) => Promise<void> {
  const { grants, accessTokens, signingKeys, tokenDataKeys } = stores;
  return async (tenant) => {
    await Promise.all([grants, accessTokens, signingKeys, tokenDataKeys].map((store) => store.deleteTenant(tenant)));
    sealer.forget(tenant);
  };
}
