import { type Instant, longestRefreshTimeoutMilliseconds, type SecretHash } from "@signet/protocol";
import {
  type GrantStore,
  maximumRevokedTokens,
  type RefreshTokenFamily,
  type RevokedToken,
  type Rotated,
  type Rotation,
  type StoredGrant,
  type TokenRevocation,
} from "@signet/storage";
import { revokedTokenMembers, revokedTokensIn, type StoredMembers, usedToken } from "@signet/storage/adapter";
import type { Database } from "./database.ts";
import { requestedClaimsOf, requestedClaimsValue } from "./requested-claims.ts";
import { integer, jsonTexts, optionalInteger, optionalJsonObject, optionalText, type Row, text } from "./row.ts";

const columns = `tenant_id, id, client_id, user_id, scopes, custom_claims, auth_time, amr, session_public_id, epoch, created_at, expires_at,
  refresh_family, refresh_current, refresh_expires_at, refresh_previous, refresh_rotated_at, refresh_successor, revoked_tokens, requested_claims`;

/** A retry within the grace window may move the end of a grant on by so much, as long as the window is: a minute at most. */
const longestGraceMilliseconds = 60_000;

/** What an ended session leaves of its grants. A look at a small table with each of them costs less than an index of all by their sessions, which each would write. */
const standsAfterSession = (tenant: string, session: string, scopes: string) => `(instr(${scopes}, '"offline_access"') > 0 or
  not exists (select 1 from ended_sessions where ended_sessions.tenant_id = ${tenant} and ended_sessions.id = ${session}))`;
const stands = standsAfterSession("grants.tenant_id", "grants.session_public_id", "grants.scopes");

/** A revoked grant is deleted; a note that it was revoked keeps it from being opened afterwards. */
export function embeddedGrantStore(database: Database): GrantStore {
  const open = database.prepare(
    `insert into grants (${columns}, sweep_at) select ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?
      where not exists (select 1 from revoked_grants where tenant_id = ? and id = ?) and ${standsAfterSession("?", "?", "?")}
      on conflict do nothing`,
  );
  const find = database.prepare(`select ${columns} from grants where tenant_id = ? and id = ? and expires_at > ? and ${stands}`);
  // `sweep_at` stays, so that a rotation leaves the index alone: the sweep moves it on when it gets there.
  const rotate = database.prepare(
    `update grants set refresh_current = ?, refresh_expires_at = ?, refresh_previous = refresh_current, refresh_rotated_at = ?,
        refresh_successor = ?, expires_at = max(expires_at, ?)
      where tenant_id = ? and id = ? and client_id = ? and refresh_current = ? and refresh_expires_at > ? and expires_at > ?
        and ${stands}`,
  );
  const remove = database.prepare("delete from grants where tenant_id = ? and id = ?");
  const noteTokens = database.prepare("update grants set revoked_tokens = ? where tenant_id = ? and id = ?");
  const noteRevoked = database.prepare(
    `insert into revoked_grants (tenant_id, id, forgotten_at) values (?, ?, ?)
      on conflict do update set forgotten_at = max(forgotten_at, excluded.forgotten_at)`,
  );
  const noteEnded = database.prepare(
    `insert into ended_sessions (tenant_id, id, forgotten_at) values (?, ?, ?)
      on conflict do update set forgotten_at = max(forgotten_at, excluded.forgotten_at)`,
  );
  const removeTenant = database.prepare("delete from grants where tenant_id = ?");
  const removeTenantNotes = database.prepare("delete from revoked_grants where tenant_id = ?");
  const removeTenantSessions = database.prepare("delete from ended_sessions where tenant_id = ?");

  function revoke(tenant: string, id: string, until: Instant): void {
    database.transaction(() => {
      remove.run(tenant, id);
      noteRevoked.run(tenant, id, until);
    });
  }

  function revokeToken({ tenantId, grantId, token, now }: TokenRevocation): void {
    const row = find.get(tenantId, grantId, now);
    if (row === undefined) return;
    const grant = grantOf(row);
    const others = (grant.revokedTokens ?? []).filter(({ id, expiresAt }) => id !== token.id && expiresAt > now);
    if (others.length >= maximumRevokedTokens) revoke(tenantId, grantId, grant.expiresAt);
    else noteTokens.run(JSON.stringify(revokedTokenMembers([...others, token])), tenantId, grantId);
  }

  /** What a token is that is not the live one. */
  function usedBefore(rotation: Rotation): Rotated {
    const row = find.get(rotation.tenantId, rotation.grantId, rotation.now);
    const used = usedToken(row && grantOf(row), rotation);
    if (used.kind !== "reused") return used;
    revoke(used.grant.tenantId, used.grant.id, used.grant.expiresAt);
    return { kind: "reused" };
  }

  function rotateNow(rotation: Rotation): Rotated {
    const rotated = rotate.run(
      rotation.next,
      rotation.expiresAt,
      rotation.now,
      rotation.successor,
      rotation.grantExpiresAt,
      rotation.tenantId,
      rotation.grantId,
      rotation.clientId,
      rotation.presented,
      rotation.now,
      rotation.now,
    );
    return rotated === 1 ? { kind: "rotated" } : usedBefore(rotation);
  }

  return {
    async open(grant) {
      const { tenantId, id, sessionPublicId } = grant;
      const conditions = [tenantId, id, JSON.stringify(grant.scopes), tenantId, sessionPublicId];
      return database.write(() => {
        if (open.run(...values(grant), grant.expiresAt, ...conditions) === 1) return "opened";
        revoke(tenantId, id, grant.expiresAt);
        return "revoked";
      });
    },
    async find(tenant, id, now) {
      const row = find.get(tenant, id, now);
      return row && grantOf(row);
    },
    rotate: (rotation) => database.write(() => rotateNow(rotation)),
    async revoke(tenant, id, until) {
      await database.write(() => revoke(tenant, id, until));
    },
    async revokeToken(revocation) {
      await database.write(() => revokeToken(revocation));
    },
    async endSession(tenant, session, now) {
      // For as long as a grant may live, whatever the tenant's settings are by now: one that were forgotten sooner would be good again.
      const forgottenAt = now + longestRefreshTimeoutMilliseconds + longestGraceMilliseconds;
      await database.write(() => noteEnded.run(tenant, session, forgottenAt));
    },
    async deleteTenant(tenant) {
      await database.write(() =>
        database.transaction(() => {
          removeTenant.run(tenant);
          removeTenantNotes.run(tenant);
          removeTenantSessions.run(tenant);
        }),
      );
    },
  };
}

function values(grant: StoredGrant) {
  return [
    grant.tenantId,
    grant.id,
    grant.clientId,
    grant.userId,
    JSON.stringify(grant.scopes),
    JSON.stringify(grant.customClaims),
    grant.authTime,
    JSON.stringify(grant.amr),
    grant.sessionPublicId,
    grant.epoch,
    grant.createdAt,
    grant.expiresAt,
    grant.refresh?.family ?? null,
    grant.refresh?.current ?? null,
    grant.refresh?.expiresAt ?? null,
    grant.refresh?.previous ?? null,
    grant.refresh?.rotatedAt ?? null,
    grant.refresh?.successor ?? null,
    grant.revokedTokens === undefined ? null : JSON.stringify(revokedTokenMembers(grant.revokedTokens)),
    requestedClaimsValue(grant.requestedClaims),
  ];
}

function grantOf(row: Row): StoredGrant {
  const refresh = refreshOf(row);
  const revokedTokens = revokedTokensOf(row);
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    clientId: text(row, "client_id"),
    userId: text(row, "user_id"),
    scopes: jsonTexts(row, "scopes"),
    requestedClaims: requestedClaimsOf(row),
    customClaims: jsonTexts(row, "custom_claims"),
    authTime: integer(row, "auth_time"),
    amr: jsonTexts(row, "amr"),
    sessionPublicId: text(row, "session_public_id"),
    epoch: integer(row, "epoch"),
    createdAt: integer(row, "created_at"),
    expiresAt: integer(row, "expires_at"),
    ...(refresh !== undefined && { refresh }),
    ...(revokedTokens !== undefined && { revokedTokens }),
  };
}

function revokedTokensOf(row: Row): readonly RevokedToken[] | undefined {
  const members = optionalJsonObject<StoredMembers>(row, "revoked_tokens");
  return members && revokedTokensIn(members);
}

function refreshOf(row: Row): RefreshTokenFamily | undefined {
  const family = optionalText<SecretHash>(row, "refresh_family");
  const current = optionalText<SecretHash>(row, "refresh_current");
  if (family === undefined || current === undefined) return undefined;
  const previous = optionalText<SecretHash>(row, "refresh_previous");
  const rotatedAt = optionalInteger<Instant>(row, "refresh_rotated_at");
  const successor = optionalText(row, "refresh_successor");
  return {
    family,
    current,
    expiresAt: integer(row, "refresh_expires_at"),
    ...(previous !== undefined && { previous }),
    ...(rotatedAt !== undefined && { rotatedAt }),
    ...(successor !== undefined && { successor }),
  };
}
