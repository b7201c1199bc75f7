export { createTokenService, onTenantDeleted, type TokenServiceDependencies } from "./create-token-service.ts";
