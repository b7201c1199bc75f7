import type { GrantId, Instant, SecretHash, TenantId } from "@signet/protocol";
import {
  type GrantStore,
  maximumRevokedTokens,
  type RefreshTokenFamily,
  type Rotated,
  type Rotation,
  type StoredGrant,
} from "@signet/storage";
import {
  flag,
  integer,
  optionalInteger,
  optionalObject,
  optionalText,
  requestedClaims,
  revokedTokenMembers,
  revokedTokensIn,
  type StoredMembers,
  text,
  texts,
  usedToken,
} from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection, type DocumentUpdate } from "./document-collection.ts";
import { GroupedCommands } from "./grouped-commands.ts";
import { keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/**
 * One document for a grant with its refresh tokens. A revoked grant leaves nothing but a note of the same `_id`, which keeps it from being opened
 * afterwards. `deletedAt` is when the document may go, for an index that reclaims space.
 */
export function mongoGrantStore(connection: MongoConnection): GrantStore {
  const grants = new DocumentCollection(connection, "grants");
  const { deadlineMilliseconds, maximumOutstanding } = connection.limits;
  const opening = new GroupedCommands({
    run: (documents: readonly StoredDocument[]) => grants.insertMany(documents),
    maximumItems: 100,
    maximumWaiting: maximumOutstanding,
    deadlineMilliseconds,
  });

  async function find(tenant: TenantId, id: GrantId, now: Instant): Promise<StoredGrant | undefined> {
    const document = await grants.find({ _id: tenantKey(tenant, id) });
    const grant = document && grantOf(document);
    return grant !== undefined && grant.expiresAt > now ? grant : undefined;
  }

  /** What a token is that is not the live one. */
  async function usedBefore(rotation: Rotation): Promise<Rotated> {
    const used = usedToken(await find(rotation.tenantId, rotation.grantId, rotation.now), rotation);
    if (used.kind !== "reused") return used;
    // A token that was used before stays one: so it does not matter what became of the grant since it was read.
    const { grant } = used;
    await grants.update({ _id: tenantKey(grant.tenantId, grant.id), revoked: false }, revocation(grant.expiresAt));
    return { kind: "reused" };
  }

  return {
    async open(grant) {
      if ((await opening.run(documentOf(grant))) === "inserted") return "opened";
      await grants.update({ _id: tenantKey(grant.tenantId, grant.id), revoked: false }, revocation(grant.expiresAt));
      return "revoked";
    },
    find,
    async rotate(rotation) {
      const { now, expiresAt, grantExpiresAt } = rotation;
      const live = {
        _id: tenantKey(rotation.tenantId, rotation.grantId),
        clientId: rotation.clientId,
        "refresh.current": rotation.presented,
        "refresh.expiresAt": { $gt: now },
        expiresAt: { $gt: now },
      };
      const isRotated = await grants.update(live, {
        $set: {
          "refresh.current": rotation.next,
          "refresh.expiresAt": expiresAt,
          "refresh.previous": rotation.presented,
          "refresh.rotatedAt": now,
          "refresh.successor": rotation.successor,
        },
        $max: { expiresAt: grantExpiresAt, deletedAt: new Date(grantExpiresAt) },
      });
      return isRotated ? { kind: "rotated" } : await usedBefore(rotation);
    },
    async revoke(tenant, id, until) {
      await grants.upsert(tenantKey(tenant, id), revocation(until));
    },
    async revokeToken({ tenantId, grantId, token, now }) {
      const grant = await find(tenantId, grantId, now);
      if (grant === undefined) return;
      const others = (grant.revokedTokens ?? []).filter(({ id }) => id !== token.id);
      const expired = others.filter(({ expiresAt }) => expiresAt <= now);
      const isFull = others.length - expired.length >= maximumRevokedTokens;
      const update = isFull
        ? revocation(grant.expiresAt)
        : {
            $set: { [revokedTokenPath(token.id)]: token.expiresAt },
            ...(expired.length > 0 && { $unset: Object.fromEntries(expired.map(({ id }) => [revokedTokenPath(id), ""])) }),
          };
      await grants.update({ _id: tenantKey(tenantId, grantId), revoked: false }, update);
    },
    async endSession(tenantId, sessionPublicId) {
      const resting = { sessionPublicId, tenantId, revoked: false, scopes: { $ne: "offline_access" } };
      await grants.updateAll(resting, { $set: { revoked: true }, $unset: withoutMembers });
    },
    async deleteTenant(tenant) {
      await grants.deleteAll(keysOf(tenant));
    },
  };
}

/** What makes a note of a grant, or of nothing. */
function revocation(until: Instant): DocumentUpdate {
  return { $set: { revoked: true }, $max: { deletedAt: new Date(until) }, $unset: withoutMembers };
}

const grantMembers = [
  "tenantId",
  "id",
  "clientId",
  "userId",
  "scopes",
  "requestedClaims",
  "customClaims",
  "authTime",
  "amr",
  "sessionPublicId",
  "epoch",
  "createdAt",
  "expiresAt",
  "refresh",
  "revokedTokens",
] as const satisfies readonly (keyof StoredGrant)[];

const withoutMembers = Object.fromEntries(grantMembers.map((member) => [member, ""] as const));

function documentOf(grant: StoredGrant): StoredDocument {
  const refresh = grant.refresh && membersOf(grant.refresh);
  return {
    _id: tenantKey(grant.tenantId, grant.id),
    revoked: false,
    tenantId: grant.tenantId,
    id: grant.id,
    clientId: grant.clientId,
    userId: grant.userId,
    scopes: grant.scopes,
    requestedClaims: { userinfo: grant.requestedClaims.userinfo, idToken: grant.requestedClaims.idToken },
    customClaims: grant.customClaims,
    authTime: grant.authTime,
    amr: grant.amr,
    sessionPublicId: grant.sessionPublicId,
    epoch: grant.epoch,
    createdAt: grant.createdAt,
    expiresAt: grant.expiresAt,
    deletedAt: new Date(grant.expiresAt),
    ...(refresh !== undefined && { refresh }),
    ...(grant.revokedTokens !== undefined && { revokedTokens: revokedTokenMembers(grant.revokedTokens) }),
  };
}

function membersOf(refresh: RefreshTokenFamily) {
  return {
    family: refresh.family,
    current: refresh.current,
    expiresAt: refresh.expiresAt,
    ...(refresh.previous !== undefined && { previous: refresh.previous }),
    ...(refresh.rotatedAt !== undefined && { rotatedAt: refresh.rotatedAt }),
    ...(refresh.successor !== undefined && { successor: refresh.successor }),
  };
}

/** Undefined for the note that a grant was revoked. */
function grantOf(document: StoredDocument): StoredGrant | undefined {
  if (flag(document, "revoked")) return undefined;
  const refresh = refreshOf(document);
  const revokedTokens = optionalObject<StoredMembers>(document, "revokedTokens");
  return {
    tenantId: text(document, "tenantId"),
    id: text(document, "id"),
    clientId: text(document, "clientId"),
    userId: text(document, "userId"),
    scopes: texts(document, "scopes"),
    requestedClaims: requestedClaims(document),
    customClaims: texts(document, "customClaims"),
    authTime: integer(document, "authTime"),
    amr: texts(document, "amr"),
    sessionPublicId: text(document, "sessionPublicId"),
    epoch: integer(document, "epoch"),
    createdAt: integer(document, "createdAt"),
    expiresAt: integer(document, "expiresAt"),
    ...(refresh !== undefined && { refresh }),
    ...(revokedTokens !== undefined && { revokedTokens: revokedTokensIn(revokedTokens) }),
  };
}

/**
 * Each revoked token is a member of its own, so that one more is one small update, whatever else is noted at that moment.
 * @throws Error where the id is none of Signet's: nothing else may become a part of a path
 */
function revokedTokenPath(id: string): string {
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(id)) throw new Error("a token's id has 1 to 64 characters of base64url");
  return `revokedTokens.${id}`;
}

function refreshOf(document: StoredDocument): RefreshTokenFamily | undefined {
  const members = optionalObject<StoredMembers>(document, "refresh");
  if (members === undefined) return undefined;
  const previous = optionalText<SecretHash>(members, "previous");
  const rotatedAt = optionalInteger<Instant>(members, "rotatedAt");
  const successor = optionalText(members, "successor");
  return {
    family: text(members, "family"),
    current: text(members, "current"),
    expiresAt: integer(members, "expiresAt"),
    ...(previous !== undefined && { previous }),
    ...(rotatedAt !== undefined && { rotatedAt }),
    ...(successor !== undefined && { successor }),
  };
}
