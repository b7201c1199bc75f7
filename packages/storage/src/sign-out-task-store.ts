import type { ClientId, Instant, SessionPublicId, TenantId, TenantName, UserId } from "@signet/protocol";

/** What is left to do after a session has ended, and must be done whatever happens to whoever ended it. */
export interface SignOutTask {
  readonly tenantId: TenantId;
  readonly tenantName: TenantName;
  readonly sessionPublicId: SessionPublicId;
  readonly userId: UserId;
  /** The client that is to be told; absent where what was granted in the session is to be ended. */
  readonly clientId?: ClientId;
  /** When the session ended. */
  readonly createdAt: Instant;
}

/** A task that is somebody's for as long as the lease lasts. */
export interface ClaimedSignOutTask extends SignOutTask {
  /** How often it was claimed, this time included. */
  readonly attempts: number;
}

/** Whose receivers have as much to do at the moment as they may. */
export interface BusyReceivers {
  readonly clients: readonly ClientId[];
  readonly tenants: readonly TenantId[];
}

/** The outbox of sign-outs. A session and a client, or a session alone, have one task at most. */
export interface SignOutTaskStore {
  /** Adds a task that may be claimed from `dueAt` on; one that is there already stays as it is. */
  add(task: SignOutTask, dueAt: Instant): Promise<void>;
  /**
   * Claims the task that has been due for longest, but for those that tell a client which is busy, or of a tenant which is: nobody else gets it before
   * `leaseUntil`. Of any number of concurrent calls each gets a task of its own. Whoever does not finish or postpone what it claimed leaves it to the next.
   */
  claim(now: Instant, leaseUntil: Instant, busy: BusyReceivers): Promise<ClaimedSignOutTask | undefined>;
  /** Removes what was done, or given up. */
  finish(task: SignOutTask): Promise<void>;
  /** Has the task claimed from `dueAt` on, unless it was claimed again since. */
  postpone(task: ClaimedSignOutTask, dueAt: Instant): Promise<void>;
  /**
   * Removes the oldest of the tenant's tasks that tell clients, so that at most `kept` of them stay, or a few more where others are added meanwhile. How many that
   * were.
   */
  removeOldest(tenant: TenantId, kept: number): Promise<number>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
