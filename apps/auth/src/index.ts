export type { AuthDependencies } from "./auth-dependencies.ts";
export { createAuthService } from "./create-auth-service.ts";
export { onClientDeleted, onTenantDeleted } from "./deletions.ts";
export { administratorName, type EnsuredAdministrator, ensureAdministrator, type FirstRunDependencies } from "./first-run.ts";
export { createPasswordHasher, type PasswordHasher, type PasswordHasherOptions } from "./passwords/password-hasher.ts";
