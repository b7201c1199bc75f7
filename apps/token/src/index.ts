export { createTokenService } from "./create-token-service.ts";
export { onTenantDeleted } from "./deletions.ts";
export { keyChangeListener } from "./keys/key-change-listener.ts";
export { createSigningKeys, type SigningKeys } from "./keys/signing-keys.ts";
export type { TokenDependencies } from "./token-dependencies.ts";
