import type { ClientId, TenantId } from "@signet/protocol";
import type { AuthDependencies } from "./auth-dependencies.ts";

type Dependencies = Pick<AuthDependencies, "stores">;

/** What the directory calls when a tenant was deleted: nothing of it stays here. What can still be acted upon goes first. May be called again. */
export function onTenantDeleted({ stores }: Dependencies): (tenant: TenantId) => Promise<void> {
  const { codes, interactions, sessions, users, signOutTasks } = stores;
  return async (tenant) => {
    for (const store of [codes, interactions, sessions, users, signOutTasks]) await store.deleteTenant(tenant);
  };
}

/** What the directory calls when a client was deleted: nobody consents to it any more. May be called again. */
export function onClientDeleted({ stores }: Dependencies): (tenant: TenantId, client: ClientId) => Promise<void> {
  return (tenant, client) => stores.consents.deleteClient(tenant, client);
}
