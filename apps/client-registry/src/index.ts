export { createRegistryService } from "./create-registry-service.ts";
export { ensureAdministrationToken, ensureDefaultTenant, readDefaultRegistrationToken } from "./first-run.ts";
export { createAddressGuard } from "./limits/address-limits.ts";
export type { RegistryDependencies } from "./registry-dependencies.ts";
