import type { ConsentStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { text } from "./row.ts";

/** One row for each scope: what is allowed adds up by itself. */
export function embeddedConsentStore(database: Database): ConsentStore {
  const find = database.prepare("select scope from consents where tenant_id = ? and user_id = ? and client_id = ?");
  const allow = database.prepare(
    `insert into consents (tenant_id, user_id, client_id, scope, allowed_at)
      select ?, ?, ?, value, ? from json_each(?) where true on conflict do nothing`,
  );
  const removeUser = database.prepare("delete from consents where tenant_id = ? and user_id = ?");
  // Left to itself, SQLite would rather walk through all of the tenant's consents.
  const removeClient = database.prepare(
    "delete from consents indexed by consents_by_client where tenant_id = ? and client_id = ?",
  );
  const removeTenant = database.prepare("delete from consents where tenant_id = ?");
  return {
    async find(tenant, user, client) {
      return find.all(tenant, user, client).map((row) => text(row, "scope"));
    },
    async allow(tenant, user, client, scopes, now) {
      allow.run(tenant, user, client, now, JSON.stringify(scopes));
    },
    async deleteUser(tenant, user) {
      removeUser.run(tenant, user);
    },
    async deleteClient(tenant, client) {
      removeClient.run(tenant, client);
    },
    async deleteTenant(tenant) {
      removeTenant.run(tenant);
    },
  };
}
