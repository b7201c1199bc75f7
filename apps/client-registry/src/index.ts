export { createRegistryService, type RegistryServiceOptions } from "./create-registry-service.ts";
export {
  type EnsureAdministrationToken,
  type EnsureDefaultTenant,
  ensureAdministrationToken,
  ensureDefaultTenant,
} from "./first-run.ts";
