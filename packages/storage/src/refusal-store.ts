import type { Brand, Instant, SentParameter, TenantId } from "@signet/protocol";

/** What the reply, the log and the administrator know a refusal by: the request's id. */
export type RefusalId = Brand<string, "RefusalId">;

/** A request that was refused, and why. Nothing in it is secret. */
export interface StoredRefusal {
  readonly id: RefusalId;
  readonly tenantId: TenantId;
  readonly at: Instant;
  readonly expiresAt: Instant;
  readonly method: string;
  readonly endpoint: string;
  readonly status: number;
  readonly error: string;
  readonly description: string;
  readonly rule: string;
  readonly expected?: string;
  readonly sent?: string;
  readonly clientId?: string;
  readonly parameters: readonly SentParameter[];
  /** How many parameters were sent beside those. */
  readonly otherParameters: number;
  /** How many of its kind were not kept since the last that was. */
  readonly unkept: number;
}

export interface RefusalStore {
  /**
   * Keeps the refusal. Of each tenant `keptRefusals` are kept, or a few more. Beyond that goes the oldest of the kind that there is most of, a kind being endpoint, error
   * and rule, and among those of a kind of the client that it is most about: so a flood pushes out its own.
   */
  record(refusal: StoredRefusal): Promise<void>;
  /** Undefined where the tenant has none of that id, or it has expired or gone. */
  find(tenant: TenantId, id: RefusalId, now: Instant): Promise<StoredRefusal | undefined>;
  deleteTenant(tenant: TenantId): Promise<void>;
}

/** How many refusals are kept of a tenant. */
export const keptRefusals = 500;
