import { type Client, type Instant, later, type Tenant, type UserId } from "@signet/protocol";
import { onBehalfOf } from "@signet/rpc";
import { pagesOf, type SignOutTask, type StoredSession } from "@signet/storage";
import type { CallContext } from "nice-grpc-common";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { grantsSettleMilliseconds } from "./perform-task.ts";

type AnnouncementDependencies = Pick<AuthDependencies, "directory" | "clock" | "signOutDelivery"> & {
  readonly stores: Pick<AuthDependencies["stores"], "sessions" | "signOutTasks">;
};

export type SessionEndDependencies = AnnouncementDependencies & Pick<AuthDependencies, "tokens">;

/**
 * Ends a session, with what was granted in it; the clients that take part in it are told afterwards, however long that takes. Gives those clients. What is left
 * to do is kept before the session ends: so a failure loses nothing, and leaves a session that can be ended again.
 * @throws ResourceError unavailable
 */
export async function endSessionOf(
  tenant: Tenant,
  session: StoredSession,
  dependencies: SessionEndDependencies,
  context: CallContext,
): Promise<readonly Client[]> {
  const { stores, clock, signOutDelivery } = dependencies;
  const now = clock();
  const [clients, areEnded] = await Promise.all([
    participatingClients(tenant, session, now, dependencies),
    endGrants(tenant, session, dependencies, context),
  ]);
  const task = taskOf(tenant, session, now);
  await Promise.all([
    tellLater(tenant, task, clients, dependencies),
    stores.signOutTasks.add(task, areEnded ? later(now, grantsSettleMilliseconds) : now),
  ]);
  const late = await endAndLookAgain(tenant, session, clients, dependencies);
  signOutDelivery.wake();
  return [...clients, ...late];
}

/**
 * Ends all sessions of the user, of which the clients that take part are told afterwards. What was granted needs no word here: the user's new epoch ends it, or
 * that the user is gone.
 * @throws ResourceError unavailable
 */
export async function endSessionsOfUser(tenant: Tenant, user: UserId, dependencies: AnnouncementDependencies): Promise<void> {
  const { stores, clock, signOutDelivery } = dependencies;
  const now = clock();
  for await (const sessions of pagesOf(50, (page) => stores.sessions.ofUser(tenant.id, user, now, page))) {
    await Promise.all(
      sessions.map(async (session) => {
        const clients = await participatingClients(tenant, session, now, dependencies);
        await tellLater(tenant, taskOf(tenant, session, now), clients, dependencies);
        await endAndLookAgain(tenant, session, clients, dependencies);
      }),
    );
  }
  await stores.sessions.endOfUser(tenant.id, user);
  signOutDelivery.wake();
}

/**
 * Ends the session. Whoever joined it while it was being ended is told as well, which nobody can any more once it has ended: gives those.
 */
async function endAndLookAgain(
  tenant: Tenant,
  session: StoredSession,
  told: readonly Client[],
  dependencies: AnnouncementDependencies,
): Promise<readonly Client[]> {
  const { stores, clock } = dependencies;
  await stores.sessions.end(tenant.id, session.hash);
  const now = clock();
  const known = new Set(told.map(({ id }) => id));
  const all = await participatingClients(tenant, session, now, dependencies);
  const late = all.filter(({ id }) => !known.has(id));
  await tellLater(tenant, taskOf(tenant, session, now), late, dependencies);
  return late;
}

async function participatingClients(
  tenant: Tenant,
  { publicId }: StoredSession,
  now: Instant,
  { stores, directory }: AnnouncementDependencies,
): Promise<readonly Client[]> {
  const ids = await stores.sessions.participants(tenant.id, publicId, now);
  const clients = await Promise.all(ids.map((id) => directory.client(tenant, id)));
  return clients.filter((client) => client !== undefined);
}

/** Whether it was done at once. Where the token service is away the task does it as soon as that is back, and nobody has to wait for it. */
async function endGrants(
  tenant: Tenant,
  { publicId }: StoredSession,
  { tokens }: SessionEndDependencies,
  context: CallContext,
): Promise<boolean> {
  return tokens.endSession({ tenant: tenant.name, sid: publicId }, onBehalfOf(context)).then(
    () => true,
    () => false,
  );
}

async function tellLater(
  tenant: Tenant,
  task: SignOutTask,
  clients: readonly Client[],
  { stores, signOutDelivery }: Pick<AnnouncementDependencies, "stores" | "signOutDelivery">,
): Promise<void> {
  const told = clients.filter(({ metadata }) => metadata.backchannelLogoutUri !== undefined);
  await Promise.all(told.map(({ id }) => stores.signOutTasks.add({ ...task, clientId: id }, task.createdAt)));
  if (told.length > 0) signOutDelivery.added(tenant);
}

function taskOf(tenant: Tenant, { publicId, userId }: StoredSession, now: Instant): SignOutTask {
  return { tenantId: tenant.id, tenantName: tenant.name, sessionPublicId: publicId, userId, createdAt: now };
}
