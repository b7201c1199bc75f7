export * as health from "./generated/grpc/health/v1/health.ts";
export * as auth from "./generated/signet/auth/v1/auth.ts";
export * as common from "./generated/signet/common/v1/common.ts";
export * as mux from "./generated/signet/mux/v1/mux.ts";
export * as registry from "./generated/signet/registry/v1/registry.ts";
export * as token from "./generated/signet/token/v1/token.ts";
