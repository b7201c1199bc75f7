export { ResourceError, type ResourceErrorKind } from "@signet/protocol";
export type { ClientTls } from "@signet/rpc/network";
export type { CallOptions } from "./calls.ts";
export type { ClientMetadata, CustomScope, RefreshTokenPolicy, RegisteredClient } from "./client.ts";
export type { Clients, CreatedClient, ListClientsOptions, ListedClient, RotatedSecret } from "./clients.ts";
export { openRegistry, type Registry, type RegistryOptions } from "./open-registry.ts";
export type { Branding, Tenant, TenantPatch, TenantSettings } from "./tenant.ts";
export type { CreatedTenant, Tenants } from "./tenants.ts";
export type { RegistryEvent, WatchOptions } from "./watch.ts";
