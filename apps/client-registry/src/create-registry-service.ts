import type { registry } from "@signet/contracts";
import { outboundOfOneCall } from "@signet/outbound";
import type { CallContext } from "nice-grpc-common";
import { watch } from "./changes/watch.ts";
import { createClient } from "./clients/create-client.ts";
import { deleteClient } from "./clients/delete-client.ts";
import { getClient } from "./clients/get-client.ts";
import { listClients } from "./clients/list-clients.ts";
import { type SecretView, wholeView } from "./clients/secret-view.ts";
import { updateClient } from "./clients/update-client.ts";
import { getRefusal } from "./refusals/get-refusal.ts";
import { recordRefusals } from "./refusals/record-refusals.ts";
import { deleteRegistration } from "./registration/delete-registration.ts";
import { getRegistration } from "./registration/get-registration.ts";
import {
  createInitialAccessToken,
  deleteInitialAccessToken,
  listInitialAccessTokens,
} from "./registration/initial-access-tokens.ts";
import { registerClient } from "./registration/register-client.ts";
import { replaceRegistration } from "./registration/replace-registration.ts";
import type { RegistryDependencies } from "./registry-dependencies.ts";
import { authenticateToken } from "./tenants/authenticate-token.ts";
import { createTenant } from "./tenants/create-tenant.ts";
import { deleteTenant } from "./tenants/delete-tenant.ts";
import { getTenant } from "./tenants/get-tenant.ts";
import { listTenants } from "./tenants/list-tenants.ts";
import { getRegistrationToken, rotateRegistrationToken } from "./tenants/registration-token.ts";
import { rewrapDataKeys } from "./tenants/rewrap-data-keys.ts";
import { getSubjectSecret } from "./tenants/subject-secret.ts";
import { updateTenant } from "./tenants/update-tenant.ts";

/**
 * The owner of tenants and clients: each call is one use case. Throws only `OAuthError` and `ResourceError`, but for faults.
 * @param viewOf what of secrets a call's caller may see; everything unless given
 */
export function createRegistryService(
  dependencies: RegistryDependencies,
  viewOf: (context: CallContext) => SecretView = () => wholeView,
): registry.ClientRegistryServiceImplementation {
  /** For what may ask hosts outside more than once: of the keys of a software statement, of a sector identifier, and again where another change came between. */
  const ofCall = () => ({ ...dependencies, outbound: outboundOfOneCall(dependencies.outbound) });
  return {
    createTenant: (request) => createTenant(request, dependencies),
    getTenant: (request) => getTenant(request, dependencies),
    listTenants: (request) => listTenants(request, dependencies),
    updateTenant: (request) => updateTenant(request, dependencies),
    deleteTenant: (request) => deleteTenant(request, dependencies),
    rotateRegistrationToken: (request) => rotateRegistrationToken(request, dependencies),
    getRegistrationToken: (request) => getRegistrationToken(request, dependencies),
    getSubjectSecret: (request) => getSubjectSecret(request, dependencies),
    authenticateToken: (request) => authenticateToken(request, dependencies),
    createClient: (request, context) => createClient(request, dependencies, viewOf(context)),
    getClient: (request, context) => getClient(request, dependencies, viewOf(context)),
    listClients: (request, context) => listClients(request, dependencies, viewOf(context)),
    updateClient: (request, context) => updateClient(request, ofCall(), viewOf(context)),
    deleteClient: (request) => deleteClient(request, dependencies),
    registerClient: (request, context) => registerClient(request, ofCall(), viewOf(context)),
    getRegistration: (request, context) => getRegistration(request, dependencies, viewOf(context)),
    replaceRegistration: (request, context) => replaceRegistration(request, ofCall(), viewOf(context)),
    deleteRegistration: (request) => deleteRegistration(request, dependencies),
    createInitialAccessToken: (request) => createInitialAccessToken(request, dependencies),
    listInitialAccessTokens: (request) => listInitialAccessTokens(request, dependencies),
    deleteInitialAccessToken: (request) => deleteInitialAccessToken(request, dependencies),
    rewrapDataKeys: (request) => rewrapDataKeys(request, dependencies),
    recordRefusals: (request) => recordRefusals(request, dependencies),
    getRefusal: (request) => getRefusal(request, dependencies),
    watch: (request, { signal }) => watch(request, dependencies, signal),
  };
}
