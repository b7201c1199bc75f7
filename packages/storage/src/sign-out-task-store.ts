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

/** The outbox of sign-outs. A session and a client, or a session alone, have one task at most. */
export interface SignOutTaskStore {
  /** Adds a task that may be claimed from `dueAt` on; one that is there already stays as it is. */
  add(task: SignOutTask, dueAt: Instant): Promise<void>;
  /**
   * Claims the task that has been due for longest, of another client than `except`: nobody else gets it before `leaseUntil`. Of any number of concurrent calls
   * each gets a task of its own. Whoever does not finish or postpone what it claimed leaves it to the next.
   */
  claim(now: Instant, leaseUntil: Instant, except: readonly ClientId[]): Promise<ClaimedSignOutTask | undefined>;
  /** Removes what was done, or given up. */
  finish(task: SignOutTask): Promise<void>;
  /** Has the task claimed from `dueAt` on, unless it was claimed again since. */
  postpone(task: ClaimedSignOutTask, dueAt: Instant): Promise<void>;
  deleteTenant(tenant: TenantId): Promise<void>;
}
