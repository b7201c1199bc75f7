import type { Client } from "../client/client.ts";
import { type ClientMetadataDraft, parseClientMetadata } from "../client/client-metadata.ts";
import type { ClientId, TenantId } from "../ids.ts";
import { defaultTenantName, type Tenant, type TenantSettings } from "../tenant/tenant.ts";
import { defaultTenantSettings } from "../tenant/tenant-settings.ts";

/** The tenant `default` with its usual settings, but for those given. */
export function exampleTenant(settings: Partial<TenantSettings> = {}): Tenant {
  return {
    id: "0011223344556677" as TenantId,
    name: defaultTenantName,
    settings: { ...defaultTenantSettings, ...settings },
    branding: { name: "Example" },
  };
}

/** A confidential web application of that tenant, unless `draft` says otherwise. */
export function exampleClient(draft: ClientMetadataDraft = {}): Client {
  return {
    id: "00112233445566778899aabb" as ClientId,
    tenantId: exampleTenant().id,
    metadata: parseClientMetadata({ redirectUris: ["https://app.example/cb"], ...draft }),
  };
}
