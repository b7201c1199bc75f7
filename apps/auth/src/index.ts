export type { AuthDependencies, TokenClient } from "./auth-dependencies.ts";
export { createAuthService } from "./create-auth-service.ts";
export { onClientDeleted, onTenantDeleted } from "./deletions.ts";
export { type EnsuredAdministrator, ensureAdministrator } from "./first-run.ts";
export { createSignInGuard, type SignInGuard, type SignInLimits } from "./limits/sign-in-limits.ts";
export {
  createPasswordHasher,
  type PasswordHasher,
  type PasswordHasherOptions,
  type PooledPasswordHasher,
} from "./passwords/password-hasher.ts";
export { createSignOutDelivery } from "./sign-out/sign-out-delivery.ts";
export { untoldListeners } from "./sign-out/untold-listeners.ts";
