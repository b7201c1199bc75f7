import type { Client, ClientId, Instant, TenantId } from "@signet/protocol";
import type { PageOf, PageRequest } from "./page.ts";
import type { Sealed } from "./sealed.ts";

export interface StoredClient extends Client {
  /** Absent for a client without a secret. */
  readonly secret?: Sealed;
  readonly createdAt: Instant;
  readonly updatedAt: Instant;
  /** 1 at first, one more with each replacement. */
  readonly version: number;
}

export interface ClientStore {
  create(client: StoredClient): Promise<void>;
  find(tenant: TenantId, id: ClientId): Promise<StoredClient | undefined>;
  /** By id. */
  list(tenant: TenantId, page: PageRequest): Promise<PageOf<StoredClient>>;
  /** Puts `client` in place of the stored one of the version before it; `conflict` where that is not the stored version. */
  replace(client: StoredClient): Promise<"replaced" | "conflict" | "unknown">;
  /** Whether there was one. */
  delete(tenant: TenantId, id: ClientId): Promise<boolean>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
