import type { GrantId, UserId } from "@signet/protocol";
import type { AccessTokenStore, StoredAccessToken } from "@signet/storage";
import type { Database } from "./database.ts";
import { integer, jsonTexts, optionalText, type Row, text } from "./row.ts";

const columns = "tenant_id, hash, client_id, scopes, grant_id, user_id, issued_at, expires_at, certificate_thumbprint";

export function embeddedAccessTokenStore(database: Database): AccessTokenStore {
  const insert = database.prepare(`insert into access_tokens (${columns}) values (?, ?, ?, ?, ?, ?, ?, ?, ?)`);
  const find = database.prepare(`select ${columns} from access_tokens where tenant_id = ? and hash = ? and expires_at > ?`);
  const remove = database.prepare("delete from access_tokens where tenant_id = ? and hash = ?");
  const noteRevoked = database.prepare(
    "insert into revoked_access_tokens (tenant_id, id, expires_at) values (?, ?, ?) on conflict do nothing",
  );
  const findRevoked = database.prepare("select 1 from revoked_access_tokens where tenant_id = ? and id = ? and expires_at > ?");
  const removeTenant = database.prepare("delete from access_tokens where tenant_id = ?");
  const removeTenantNotes = database.prepare("delete from revoked_access_tokens where tenant_id = ?");
  return {
    async save(token) {
      await database.write(() => insert.run(...values(token)));
    },
    async find(tenant, hash, now) {
      const row = find.get(tenant, hash, now);
      return row && accessTokenOf(row);
    },
    async end(tenant, hash) {
      await database.write(() => remove.run(tenant, hash));
    },
    async noteRevoked(tenant, id, until) {
      await database.write(() => noteRevoked.run(tenant, id, until));
    },
    async isRevoked(tenant, id, now) {
      return findRevoked.get(tenant, id, now) !== undefined;
    },
    async deleteTenant(tenant) {
      await database.write(() =>
        database.transaction(() => {
          removeTenant.run(tenant);
          removeTenantNotes.run(tenant);
        }),
      );
    },
  };
}

function values(token: StoredAccessToken) {
  return [
    token.tenantId,
    token.hash,
    token.clientId,
    JSON.stringify(token.scopes),
    token.grantId ?? null,
    token.userId ?? null,
    token.issuedAt,
    token.expiresAt,
    token.certificateThumbprint ?? null,
  ];
}

function accessTokenOf(row: Row): StoredAccessToken {
  const grantId = optionalText<GrantId>(row, "grant_id");
  const userId = optionalText<UserId>(row, "user_id");
  const certificateThumbprint = optionalText(row, "certificate_thumbprint");
  return {
    tenantId: text(row, "tenant_id"),
    hash: text(row, "hash"),
    clientId: text(row, "client_id"),
    scopes: jsonTexts(row, "scopes"),
    ...(grantId !== undefined && { grantId }),
    ...(userId !== undefined && { userId }),
    issuedAt: integer(row, "issued_at"),
    expiresAt: integer(row, "expires_at"),
    ...(certificateThumbprint !== undefined && { certificateThumbprint }),
  };
}
