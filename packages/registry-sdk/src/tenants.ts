import type { registry } from "@signet/contracts";
import { answered, type CallOptions } from "./calls.ts";
import { itemsOf } from "./pages.ts";
import { patchMessage, type Tenant, type TenantPatch, tenantOf } from "./tenant.ts";

export interface CreatedTenant {
  readonly tenant: Tenant;
  /** Opens the tenant's registration API. */
  readonly registrationToken: string;
}

/** The tenants. Calls fail as those for clients do. */
export interface Tenants {
  /** All of them, by name. Pages are asked for as they are needed. */
  list(options?: CallOptions & { readonly pageSize?: number }): AsyncIterable<Tenant>;
  get(name: string, options?: CallOptions): Promise<Tenant>;
  /** What is left out has its default. */
  create(name: string, patch?: TenantPatch, options?: CallOptions): Promise<CreatedTenant>;
  update(name: string, patch: TenantPatch, options?: CallOptions): Promise<Tenant>;
  /** With its clients and users, which are refused within a second. */
  delete(name: string, options?: CallOptions): Promise<void>;
}

export function tenantsOf(service: registry.ClientRegistryServiceClient, defaults: CallOptions): Tenants {
  return {
    list({ pageSize = 0, ...options } = {}) {
      return itemsOf(async (cursor) => {
        const { tenants, nextCursor } = await answered(
          service.listTenants({ page: { limit: pageSize, cursor } }, { ...defaults, ...options }),
        );
        return { items: tenants.map(tenantOf), nextCursor };
      });
    },
    async get(name, options) {
      return tenantOf((await answered(service.getTenant({ name }, { ...defaults, ...options }))).tenant);
    },
    async create(name, patch = {}, options) {
      const reply = await answered(service.createTenant({ name, patch: patchMessage(patch) }, { ...defaults, ...options }));
      return { tenant: tenantOf(reply.tenant), registrationToken: reply.registrationToken };
    },
    async update(name, patch, options) {
      return tenantOf(
        (await answered(service.updateTenant({ name, patch: patchMessage(patch) }, { ...defaults, ...options }))).tenant,
      );
    },
    async delete(name, options) {
      await answered(service.deleteTenant({ name }, { ...defaults, ...options }));
    },
  };
}
