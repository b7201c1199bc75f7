import type { registry } from "@signet/contracts";
import type { Clock, Random } from "@signet/protocol";
import type { Sealer } from "@signet/sealing";
import type { RegistryStores } from "@signet/storage";
import { watch } from "./changes/watch.ts";
import { createClient } from "./clients/create-client.ts";
import { deleteClient } from "./clients/delete-client.ts";
import { getClient } from "./clients/get-client.ts";
import { listClients } from "./clients/list-clients.ts";
import { updateClient } from "./clients/update-client.ts";
import { authenticateToken } from "./tenants/authenticate-token.ts";
import { createTenant } from "./tenants/create-tenant.ts";
import { deleteTenant } from "./tenants/delete-tenant.ts";
import { getTenant } from "./tenants/get-tenant.ts";
import { listTenants } from "./tenants/list-tenants.ts";
import { getRegistrationToken, rotateRegistrationToken } from "./tenants/registration-token.ts";
import { updateTenant } from "./tenants/update-tenant.ts";

export interface RegistryServiceOptions {
  readonly stores: RegistryStores;
  readonly sealer: Sealer;
  readonly clock: Clock;
  readonly random: Random;
}

/** The owner of tenants and clients: each call is one use case. Throws only `OAuthError` and `ResourceError`, but for faults. */
export function createRegistryService({
  stores,
  sealer,
  clock,
  random,
}: RegistryServiceOptions): registry.ClientRegistryServiceImplementation {
  const { tenants, clients, administration, registryDataKeys, changes } = stores;
  const parts = { tenants, clients, administration, registryDataKeys, changes, sealer, clock, random };
  return {
    createTenant: (request) => createTenant(request, parts),
    getTenant: (request) => getTenant(request, parts),
    listTenants: (request) => listTenants(request, parts),
    updateTenant: (request) => updateTenant(request, parts),
    deleteTenant: (request) => deleteTenant(request, parts),
    rotateRegistrationToken: (request) => rotateRegistrationToken(request, parts),
    getRegistrationToken: (request) => getRegistrationToken(request, parts),
    authenticateToken: (request) => authenticateToken(request, parts),
    createClient: (request) => createClient(request, parts),
    getClient: (request) => getClient(request, parts),
    listClients: (request) => listClients(request, parts),
    updateClient: (request) => updateClient(request, parts),
    deleteClient: (request) => deleteClient(request, parts),
    watch: (request, { signal }) => watch(request, parts, signal),
  };
}
