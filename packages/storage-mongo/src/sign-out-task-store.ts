import type { ClientId } from "@signet/protocol";
import type { ClaimedSignOutTask, SignOutTask, SignOutTaskStore } from "@signet/storage";
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
      await tasks.insert({ _id: keyOf(task), ...task, attempts: 0, dueAt });
    },
    async claim(now, leaseUntil, except) {
      const due = { dueAt: { $lte: now }, ...(except.length > 0 && { clientId: { $nin: [...except] } }) };
      const claimed = await tasks.updateAndFindFirst(due, "dueAt", { $set: { dueAt: leaseUntil }, $inc: { attempts: 1 } });
      return claimed && taskOf(claimed);
    },
    async finish(task) {
      await tasks.delete({ _id: keyOf(task) });
    },
    async postpone(task, dueAt) {
      await tasks.update({ _id: keyOf(task), attempts: task.attempts }, { $set: { dueAt } });
    },
    async deleteTenant(tenant) {
      await tasks.deleteAll(keysOf(tenant));
    },
  };
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
