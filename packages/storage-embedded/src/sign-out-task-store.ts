import type { ClientId } from "@signet/protocol";
import type { ClaimedSignOutTask, SignOutTask, SignOutTaskStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { integer, type Row, text } from "./row.ts";

const pageSize = 200;
const columns = "tenant_id, tenant_name, session_public_id, user_id, client_id, created_at";

/** The client is a part of the key, and empty where there is none. */
export function embeddedSignOutTaskStore(database: Database): SignOutTaskStore {
  const insert = database.prepare(
    `insert into sign_out_tasks (${columns}, attempts, due_at) values (?, ?, ?, ?, ?, ?, 0, ?) on conflict do nothing`,
  );
  const claim = database.prepare(
    `update sign_out_tasks set attempts = attempts + 1, due_at = ? where rowid = (
        select rowid from sign_out_tasks where due_at <= ? and client_id not in (select value from json_each(?))
          and (client_id = '' or tenant_id not in (select value from json_each(?))) order by due_at limit 1
      ) returning ${columns}, attempts`,
  );
  const remove = database.prepare("delete from sign_out_tasks where tenant_id = ? and session_public_id = ? and client_id = ?");
  const postpone = database.prepare(
    "update sign_out_tasks set due_at = ? where tenant_id = ? and session_public_id = ? and client_id = ? and attempts = ?",
  );
  // The last condition keeps it within the index's order: what is read is no more than what is kept and one page.
  const removeOldest = database.prepare(
    `delete from sign_out_tasks where rowid in (
        select rowid from sign_out_tasks where tenant_id = ? and client_id <> '' and created_at > 0 order by created_at desc limit ? offset ?
      )`,
  );
  const removeTenant = database.prepare("delete from sign_out_tasks where tenant_id = ?");
  return {
    async add(task, dueAt) {
      const { tenantId, tenantName, sessionPublicId, userId, clientId, createdAt } = task;
      await database.write(() => insert.run(tenantId, tenantName, sessionPublicId, userId, clientId ?? "", createdAt, dueAt));
    },
    async claim(now, leaseUntil, { clients, tenants }) {
      const row = await database.write(() => claim.get(leaseUntil, now, JSON.stringify(clients), JSON.stringify(tenants)));
      return row && taskOf(row);
    },
    async finish(task) {
      await database.write(() => remove.run(...keyOf(task)));
    },
    async postpone(task, dueAt) {
      await database.write(() => postpone.run(dueAt, ...keyOf(task), task.attempts));
    },
    async removeOldest(tenant, kept) {
      for (let removed = 0; ; ) {
        const ofPage = await database.write(() => removeOldest.run(tenant, pageSize, kept));
        removed += ofPage;
        if (ofPage < pageSize) return removed;
      }
    },
    async deleteTenant(tenant) {
      await database.write(() => removeTenant.run(tenant));
    },
  };
}

function keyOf({ tenantId, sessionPublicId, clientId }: SignOutTask): [tenant: string, session: string, client: string] {
  return [tenantId, sessionPublicId, clientId ?? ""];
}

function taskOf(row: Row): ClaimedSignOutTask {
  const clientId = text(row, "client_id") === "" ? undefined : text<ClientId>(row, "client_id");
  return {
    tenantId: text(row, "tenant_id"),
    tenantName: text(row, "tenant_name"),
    sessionPublicId: text(row, "session_public_id"),
    userId: text(row, "user_id"),
    ...(clientId !== undefined && { clientId }),
    createdAt: integer(row, "created_at"),
    attempts: integer(row, "attempts"),
  };
}
