export type { TokenClient } from "./auth-dependencies.ts";
export { composeAuth } from "./compose-auth.ts";
export { onClientDeleted, onTenantDeleted } from "./deletions.ts";
export { ensureAdministrator } from "./first-run.ts";
export type { PasswordHasher } from "./passwords/password-hasher.ts";
