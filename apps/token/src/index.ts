export { composeToken } from "./compose-token.ts";
export { onTenantDeleted } from "./deletions.ts";
export { createSigningKeys } from "./keys/signing-keys.ts";
