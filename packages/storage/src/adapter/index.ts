export * from "./client-metadata.ts";
export * from "./page-of.ts";
export * from "./revoked-tokens.ts";
export * from "./signing-keys.ts";
export * from "./stored-members.ts";
export * from "./unavailable.ts";
export * from "./used-token.ts";
export * from "./within.ts";
