import { type CodeChallenge, type Instant, type SecretHash, undatedHashLength } from "@signet/protocol";
import { type AuthorizationCodeStore, replayMemoryMilliseconds, type StoredCode } from "@signet/storage";
import { ChangedUsers } from "./changed-users.ts";
import type { Database } from "./database.ts";
import { requestedClaimsOf, requestedClaimsValue } from "./requested-claims.ts";
import { integer, jsonTexts, optionalText, type Row, text } from "./row.ts";

const columns = `tenant_id, hash, client_id, user_id, collection, grant_id, redirect_uri, code_challenge, scopes, requested_scopes, custom_claims, nonce,
  auth_time, amr, session_public_id, epoch, expires_at, requested_claims`;

export function embeddedAuthorizationCodeStore(database: Database): AuthorizationCodeStore {
  const insert = database.prepare(
    `insert into codes (${columns}, forgotten_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  );
  const consume = database.prepare(
    `update codes set consumed_at = ? where tenant_id = ? and hash = ? and consumed_at is null and expires_at > ? returning ${columns}, rowid`,
  );
  const findConsumed = database.prepare(
    `select ${columns}, consumed_at from codes where tenant_id = ? and hash = ? and consumed_at is not null`,
  );
  const removeTenant = database.prepare("delete from codes where tenant_id = ?");
  // A rowid that is given again, once all codes are gone, is no larger: its code counts as an earlier process's, which costs a reading of its user.
  const lastOfEarlierProcess = integer(database.prepare("select coalesce(max(rowid), 0) as last from codes").get() ?? {}, "last");
  const changedUsers = new ChangedUsers();

  function userMayHaveChanged(row: Row, { tenantId, userId }: StoredCode, now: Instant): boolean {
    return integer(row, "rowid") <= lastOfEarlierProcess || changedUsers.mayHaveChanged(tenantId, userId, now);
  }

  return {
    async save(code) {
      // No code is consumed once it has expired; so this is when the last replay of it has been remembered for long enough.
      await database.write(() => insert.run(...values(code), code.expiresAt + replayMemoryMilliseconds));
    },
    async consume(tenant, hash, now) {
      const consumed = await database.write(() => consume.get(now, tenant, inOrderOfTime(hash), now));
      if (consumed !== undefined) {
        const code = codeOf(consumed);
        return { kind: "consumed", code, userMayHaveChanged: userMayHaveChanged(consumed, code, now) };
      }
      const replayed = findConsumed.get(tenant, inOrderOfTime(hash));
      if (replayed === undefined) return { kind: "unknown" };
      return { kind: "replayed", code: codeOf(replayed), consumedAt: integer(replayed, "consumed_at") };
    },
    async noteUserChange(tenant, user, until) {
      changedUsers.note(tenant, user, until);
    },
    async deleteTenant(tenant) {
      await database.write(() => removeTenant.run(tenant));
    },
  };
}

/** The time first, so that the codes of one moment are on one page of the primary key. */
function inOrderOfTime(hash: SecretHash): string {
  return `${hash.slice(undatedHashLength)}${hash.slice(0, undatedHashLength)}`;
}

function hashOf(stored: string): SecretHash {
  return `${stored.slice(-undatedHashLength)}${stored.slice(0, -undatedHashLength)}` as SecretHash;
}

function values(code: StoredCode) {
  return [
    code.tenantId,
    inOrderOfTime(code.hash),
    code.clientId,
    code.userId,
    code.collection,
    code.grantId,
    code.redirectUri,
    code.codeChallenge ?? null,
    JSON.stringify(code.scopes),
    JSON.stringify(code.requestedScopes),
    JSON.stringify(code.customClaims),
    code.nonce ?? null,
    code.authTime,
    JSON.stringify(code.amr),
    code.sessionPublicId,
    code.epoch,
    code.expiresAt,
    requestedClaimsValue(code.requestedClaims),
  ];
}

function codeOf(row: Row): StoredCode {
  const codeChallenge = optionalText<CodeChallenge>(row, "code_challenge");
  const nonce = optionalText(row, "nonce");
  return {
    tenantId: text(row, "tenant_id"),
    hash: hashOf(text(row, "hash")),
    clientId: text(row, "client_id"),
    userId: text(row, "user_id"),
    collection: text(row, "collection"),
    grantId: text(row, "grant_id"),
    redirectUri: text(row, "redirect_uri"),
    ...(codeChallenge !== undefined && { codeChallenge }),
    scopes: jsonTexts(row, "scopes"),
    requestedScopes: jsonTexts(row, "requested_scopes"),
    requestedClaims: requestedClaimsOf(row),
    customClaims: jsonTexts(row, "custom_claims"),
    ...(nonce !== undefined && { nonce }),
    authTime: integer(row, "auth_time"),
    amr: jsonTexts(row, "amr"),
    sessionPublicId: text(row, "session_public_id"),
    epoch: integer(row, "epoch"),
    expiresAt: integer(row, "expires_at"),
  };
}
