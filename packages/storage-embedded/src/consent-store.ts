import type { ConsentStore } from "@signet/storage";
import type { Database } from "./database.ts";
import { text } from "./row.ts";

/** Reads what a user allowed a client. */
export function consentReader(database: Database): (tenant: string, user: string, client: string) => readonly string[] {
  const find = database.prepare("select scope from consents where tenant_id = ? and user_id = ? and client_id = ?");
  return (tenant, user, client) => find.all(tenant, user, client).map((row) => text(row, "scope"));
}

/** One row for each scope: what is allowed adds up by itself. */
export function embeddedConsentStore(database: Database): ConsentStore {
  const find = consentReader(database);
  const allow = database.prepare(
    `insert into consents (tenant_id, user_id, client_id, scope, allowed_at)
      select users.tenant_id, users.id, ?, value, ? from users, json_each(?) where users.tenant_id = ? and users.id = ?
      on conflict do nothing`,
  );
  // Left to itself, SQLite would rather walk through all of the tenant's consents.
  const removeClient = database.prepare(
    "delete from consents indexed by consents_by_client where tenant_id = ? and client_id = ?",
  );
  return {
    async find(tenant, user, client) {
      return find(tenant, user, client);
    },
    async allow(tenant, user, client, scopes, now) {
      allow.run(client, now, JSON.stringify(scopes), tenant, user);
    },
    async deleteClient(tenant, client) {
      removeClient.run(tenant, client);
    },
  };
}
