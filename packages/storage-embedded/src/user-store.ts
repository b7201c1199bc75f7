import type { PasswordHash, StoredUser, UserStore } from "@signet/storage";
import { pageOf } from "@signet/storage/adapter";
import { consentReader } from "./consent-store.ts";
import type { Database } from "./database.ts";
import { flag, integer, jsonObject, jsonTexts, optionalText, type Row, text } from "./row.ts";

const columns = `tenant_id, id, collection, username, email, email_verified, identifiers, claims, roles, attributes, blocked, epoch,
  password_hash, created_at, updated_at, version`;
const placeholders = "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?";

export function embeddedUserStore(database: Database): UserStore {
  const insert = database.prepare(`insert into users (${columns}) values (${placeholders})`);
  const find = database.prepare(`select ${columns} from users where tenant_id = ? and id = ?`);
  const findOwner = database.prepare(
    "select user_id from user_identifiers where tenant_id = ? and collection = ? and identifier = ?",
  );
  const list = database.prepare(`select ${columns} from users where tenant_id = ? and id > ? order by id limit ?`);
  const findVersion = database.prepare("select version from users where tenant_id = ? and id = ?");
  const update = database.prepare(`update users set (${columns}) = (${placeholders}) where tenant_id = ? and id = ?`);
  const remove = database.prepare("delete from users where tenant_id = ? and id = ?");
  const removeTenant = database.prepare("delete from users where tenant_id = ?");
  const claim = database.prepare(
    "insert into user_identifiers (tenant_id, collection, identifier, user_id) values (?, ?, ?, ?) on conflict do nothing",
  );
  const release = database.prepare("delete from user_identifiers where tenant_id = ? and user_id = ?");
  const releaseTenant = database.prepare("delete from user_identifiers where tenant_id = ?");

  const allowedTo = consentReader(database);
  const removeConsents = database.prepare("delete from consents where tenant_id = ? and user_id = ?");
  const removeConsentsOfTenant = database.prepare("delete from consents where tenant_id = ?");

  /** Whether another user has one of the identifiers. */
  function isTaken({ tenantId, id, collection, identifiers }: StoredUser): boolean {
    return identifiers.some((identifier) => {
      const owner = findOwner.get(tenantId, collection, identifier);
      return owner !== undefined && text(owner, "user_id") !== id;
    });
  }

  function claimAll({ tenantId, id, collection, identifiers }: StoredUser): void {
    for (const identifier of identifiers) claim.run(tenantId, collection, identifier, id);
  }

  return {
    async create(user) {
      return database.transaction(() => {
        if (isTaken(user)) return "identifier-taken";
        insert.run(...values(user));
        claimAll(user);
        return "created";
      });
    },
    async find(tenant, id) {
      const row = find.get(tenant, id);
      return row && userOf(row);
    },
    async findWithConsent(tenant, id, client) {
      const row = find.get(tenant, id);
      return row && { user: userOf(row), allowed: allowedTo(tenant, id, client) };
    },
    async findByIdentifier(tenant, collection, identifier) {
      const owner = findOwner.get(tenant, collection, identifier);
      const row = owner && find.get(tenant, text(owner, "user_id"));
      return row && userOf(row);
    },
    async list(tenant, { limit, cursor = "" }) {
      return pageOf(list.all(tenant, cursor, limit + 1), limit, userOf, (user) => user.id);
    },
    async replace(user) {
      return database.transaction(() => {
        const stored = findVersion.get(user.tenantId, user.id);
        if (stored === undefined) return "unknown";
        if (integer(stored, "version") !== user.version - 1) return "conflict";
        if (isTaken(user)) return "identifier-taken";
        update.run(...values(user), user.tenantId, user.id);
        release.run(user.tenantId, user.id);
        claimAll(user);
        return "replaced";
      });
    },
    async delete(tenant, id) {
      return database.transaction(() => {
        release.run(tenant, id);
        removeConsents.run(tenant, id);
        return remove.run(tenant, id) === 1;
      });
    },
    async deleteTenant(tenant) {
      database.transaction(() => {
        releaseTenant.run(tenant);
        removeConsentsOfTenant.run(tenant);
        removeTenant.run(tenant);
      });
    },
  };
}

function values(user: StoredUser) {
  return [
    user.tenantId,
    user.id,
    user.collection,
    user.username,
    user.email ?? null,
    user.emailVerified ? 1 : 0,
    JSON.stringify(user.identifiers),
    JSON.stringify(user.claims),
    JSON.stringify(user.roles),
    JSON.stringify(user.attributes),
    user.blocked ? 1 : 0,
    user.epoch,
    user.passwordHash ?? null,
    user.createdAt,
    user.updatedAt,
    user.version,
  ];
}

function userOf(row: Row): StoredUser {
  const email = optionalText(row, "email");
  const passwordHash = optionalText<PasswordHash>(row, "password_hash");
  return {
    tenantId: text(row, "tenant_id"),
    id: text(row, "id"),
    collection: text(row, "collection"),
    username: text(row, "username"),
    ...(email !== undefined && { email }),
    emailVerified: flag(row, "email_verified"),
    identifiers: jsonTexts(row, "identifiers"),
    claims: jsonObject(row, "claims"),
    roles: jsonTexts(row, "roles"),
    attributes: jsonObject(row, "attributes"),
    blocked: flag(row, "blocked"),
    epoch: integer(row, "epoch"),
    ...(passwordHash !== undefined && { passwordHash }),
    createdAt: integer(row, "created_at"),
    updatedAt: integer(row, "updated_at"),
    version: integer(row, "version"),
  };
}
