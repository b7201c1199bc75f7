import type { AccountChoice, JsonObject, SecretHash } from "@signet/protocol";
import type { InteractionStore, StoredInteraction } from "@signet/storage";
import type { Database } from "./database.ts";
import { integer, optionalJsonObject, optionalText, type Row, text } from "./row.ts";

const columns = "tenant_id, id, secret_hash, request, session_hash, account_choice, expires_at";

export function embeddedInteractionStore(database: Database): InteractionStore {
  const insert = database.prepare(`insert into interactions (${columns}) values (?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from interactions where tenant_id = ? and id = ? and expires_at > ?`);
  const signIn = database.prepare("update interactions set session_hash = ? where tenant_id = ? and id = ? and expires_at > ?");
  const choose = database.prepare("update interactions set account_choice = ? where tenant_id = ? and id = ? and expires_at > ?");
  const finish = database.prepare(
    `delete from interactions where tenant_id = ? and id = ? and expires_at > ? returning ${columns}`,
  );
  const removeTenant = database.prepare("delete from interactions where tenant_id = ?");
  return {
    async save(interaction) {
      await database.write(() => insert.run(...values(interaction)));
    },
    async find(tenant, id, now) {
      const row = find.get(tenant, id, now);
      return row && interactionOf(row);
    },
    async signedIn(tenant, id, session, now) {
      return (await database.write(() => signIn.run(session, tenant, id, now))) === 1 ? "noted" : "unknown";
    },
    async chose(tenant, id, choice, now) {
      return (await database.write(() => choose.run(choice, tenant, id, now))) === 1 ? "noted" : "unknown";
    },
    async finish(tenant, id, now) {
      const row = await database.write(() => finish.get(tenant, id, now));
      return row && interactionOf(row);
    },
    async deleteTenant(tenant) {
      await database.write(() => removeTenant.run(tenant));
    },
  };
}

function values(interaction: StoredInteraction) {
  return [
    interaction.tenantId,
    interaction.id,
    interaction.secretHash,
    interaction.request === undefined ? null : JSON.stringify(interaction.request),
    interaction.sessionHash ?? null,
    interaction.choice ?? null,
    interaction.expiresAt,
  ];
}

function interactionOf(row: Row): StoredInteraction {
  const request = optionalJsonObject<JsonObject>(row, "request");
  const sessionHash = optionalText<SecretHash>(row, "session_hash");
  const choice = optionalText<AccountChoice>(row, "account_choice");
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    secretHash: text(row, "secret_hash"),
    ...(request !== undefined && { request }),
    ...(sessionHash !== undefined && { sessionHash }),
    ...(choice !== undefined && { choice }),
    expiresAt: integer(row, "expires_at"),
  };
}
