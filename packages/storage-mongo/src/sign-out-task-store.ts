import type { ClientId, Instant, TenantId } from "@signet/protocol";
import type { BusyReceivers, ClaimedSignOutTask, SignOutTask, SignOutTaskStore } from "@signet/storage";
import { integer, optionalText, text } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/** A task is a document, and a lease is that it is due later. */
export function mongoSignOutTaskStore(connection: MongoConnection): SignOutTaskStore {
  const tasks = new DocumentCollection(connection, "sign_out_tasks");
  return {
    async add(task, dueAt) {
      const queued = task.clientId === undefined ? {} : { queued: queuedKey(task.tenantId, task.createdAt) };
      await tasks.insert({ _id: keyOf(task), ...task, ...queued, attempts: 0, dueAt });
    },
    async claim(now, leaseUntil, busy) {
      const due = { dueAt: { $lte: now }, ...isOfNobodyIn(busy) };
      const claimed = await tasks.updateAndFindFirst(due, "dueAt", { $set: { dueAt: leaseUntil }, $inc: { attempts: 1 } });
      return claimed && taskOf(claimed);
    },
    async finish(task) {
      await tasks.delete({ _id: keyOf(task) });
    },
    async postpone(task, dueAt) {
      await tasks.update({ _id: keyOf(task), attempts: task.attempts }, { $set: { dueAt } });
    },
    async removeOldest(tenant, kept) {
      return await tasks.deleteBefore({ queued: { $gt: `${tenant}:`, $lt: `${tenant};` } }, "queued", kept);
    },
    async deleteTenant(tenant) {
      await tasks.deleteAll(keysOf(tenant));
    },
  };
}

function isOfNobodyIn({ clients, tenants }: BusyReceivers) {
  const receivers = [
    ...(clients.length > 0 ? [{ clientId: { $in: [...clients] } }] : []),
    ...(tenants.length > 0 ? [{ clientId: { $exists: true }, tenantId: { $in: [...tenants] } }] : []),
  ];
  return receivers.length === 0 ? {} : { $nor: receivers };
}

/** Where a task that tells a client stands among its tenant's: one text, so that one index finds the tenant's and has them in their order. */
function queuedKey(tenant: TenantId, createdAt: Instant): string {
  return tenantKey(tenant, String(createdAt).padStart(16, "0"));
}

function keyOf({ tenantId, sessionPublicId, clientId }: SignOutTask): string {
  return tenantKey(tenantId, sessionPublicId, ...(clientId === undefined ? [] : [clientId]));
}

function taskOf(document: StoredDocument): ClaimedSignOutTask {
  const clientId = optionalText<ClientId>(document, "clientId");
  return {
    tenantId: text(document, "tenantId"),
    tenantName: text(document, "tenantName"),
    sessionPublicId: text(document, "sessionPublicId"),
    userId: text(document, "userId"),
    ...(clientId !== undefined && { clientId }),
    createdAt: integer(document, "createdAt"),
    attempts: integer(document, "attempts"),
  };
}
