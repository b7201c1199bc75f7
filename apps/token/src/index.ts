export { createTokenService } from "./create-token-service.ts";
export { onTenantDeleted } from "./deletions.ts";
export type { TokenDependencies } from "./token-dependencies.ts";
