import type { Outbound } from "@signet/outbound";
import {
  type Client,
  formatForm,
  later,
  pauseAfterLogoutAttempt,
  pauseBeforeNextAttempt,
  ResourceError,
  type Tenant,
} from "@signet/protocol";
import type { ClaimedSignOutTask } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { codeLifetimeMilliseconds } from "../authorization/issue-code.ts";

export interface TaskDependencies extends Pick<AuthDependencies, "directory" | "tokens" | "clock"> {
  readonly stores: Pick<AuthDependencies["stores"], "signOutTasks">;
  readonly outbound: Pick<Outbound, "post">;
  /** Hears of an application that could not be told, and will not be. */
  readonly onGivenUp: (task: ClaimedSignOutTask, error: unknown) => void;
}

/**
 * A code of a session that has ended may be redeemed for as long as it lives, and what comes of it is granted a call later; the clocks of two services may differ.
 * So long after the end of a session what was granted in it is ended once more, and nothing can come any more.
 */
export const grantsSettleMilliseconds: number = codeLifetimeMilliseconds + 30_000;

/** How long a receiver may take. Nobody waits for it but the task itself. */
const receiverMilliseconds = 5000;

/** Does what the task says, and settles it: it is finished, or due again. */
export async function performTask(task: ClaimedSignOutTask, signal: AbortSignal, dependencies: TaskDependencies): Promise<void> {
  const { stores, directory, clock, onGivenUp } = dependencies;
  try {
    const tenant = await directory.tenant(task.tenantName);
    // Of a tenant that was deleted nothing stays. Another one may have its name by now.
    const isDone = tenant?.id !== task.tenantId || (await attempt(task, tenant, signal, dependencies));
    if (isDone) return await stores.signOutTasks.finish(task);
    await stores.signOutTasks.postpone(task, later(task.createdAt, grantsSettleMilliseconds));
  } catch (error) {
    const pause = task.clientId === undefined ? pauseBeforeNextAttempt(task.attempts) : pauseAfterLogoutAttempt(task.attempts);
    if (pause !== undefined) return await stores.signOutTasks.postpone(task, later(clock(), pause));
    onGivenUp(task, error);
    await stores.signOutTasks.finish(task);
  }
}

/** Whether nothing of the task is left to do. */
async function attempt(
  task: ClaimedSignOutTask,
  tenant: Tenant,
  signal: AbortSignal,
  dependencies: TaskDependencies,
): Promise<boolean> {
  const { directory, tokens, clock } = dependencies;
  const { sessionPublicId: sid, clientId, createdAt } = task;
  if (clientId === undefined) {
    await tokens.endSession({ tenant: tenant.name, sid }, { signal });
    return clock() >= later(createdAt, grantsSettleMilliseconds);
  }
  const client = await directory.client(tenant, clientId);
  if (client !== undefined) await tell(client, task, tenant, signal, dependencies);
  return true;
}

/** OpenID Connect Back-Channel Logout section 2.5. */
async function tell(
  { id, metadata }: Client,
  { sessionPublicId: sid, userId }: ClaimedSignOutTask,
  tenant: Tenant,
  signal: AbortSignal,
  { tokens, outbound }: TaskDependencies,
): Promise<void> {
  const uri = metadata.backchannelLogoutUri;
  if (uri === undefined) return;
  const { logoutToken } = await tokens.signLogoutToken({ tenant: tenant.name, clientId: id, userId, sid }, { signal });
  const { status } = await outbound.post(uri, {
    tenant: tenant.id,
    contentType: "application/x-www-form-urlencoded",
    body: formatForm([{ name: "logout_token", value: logoutToken }]),
    totalMilliseconds: receiverMilliseconds,
    signal,
  });
  // Some frameworks make 204 of an empty 200 (section 2.8).
  if (status < 200 || status > 299) throw new ResourceError("unavailable", `the application answered with ${status}`);
}
