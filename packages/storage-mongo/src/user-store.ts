import type { PasswordHash, StoredUser, UserStore } from "@signet/storage";
import { untilReplaced } from "@signet/storage";
import { flag, integer, jsonObject, optionalText, pageOf, text, texts, unavailable } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection, type DocumentUpdate } from "./document-collection.ts";
import { GroupedCommands } from "./grouped-commands.ts";
import { claimKey, claimKeysOf, heldBy, IdentifierClaims } from "./identifier-claims.ts";
import { keysAfter, keysOf, tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";
import { allowedIn, consentPath, withoutConsents } from "./user-consents.ts";

interface Put {
  readonly kind: "replaced" | "conflict" | "identifier-taken" | "unknown";
  /** Claims that the user does not need any more, or in the end did not need. */
  readonly unneeded: ReadonlySet<string>;
}

/** A user who is being created has this version, which nobody sees. */
const unborn = 0;

/** The id of no user. */
const nobody = "nobody";

/**
 * `revision` changes whenever the user does, and is what a replacement is tied to. `version` is the port's. What the user allowed is in the same
 * document, and changes beside both: whatever is written here leaves it as it is.
 */
export function mongoUserStore(connection: MongoConnection): UserStore {
  const users = new DocumentCollection(connection, "users", withoutConsents);
  const claims = new IdentifierClaims(connection, users);
  const { deadlineMilliseconds, maximumOutstanding } = connection.limits;
  const finding = new GroupedCommands({
    run: (wanted: readonly WantedUser[]) => findAllWithConsents(wanted, users),
    maximumItems: 50,
    maximumWaiting: maximumOutstanding,
    deadlineMilliseconds,
  });

  /** Puts `user` in place of the version before it, and claims the identifiers that are new before. */
  async function put(user: StoredUser): Promise<Put> {
    const _id = tenantKey(user.tenantId, user.id);
    const wanted = claimKeysOf(user);
    const claimed = new Set<string>();
    return await untilReplaced<Put>(async () => {
      const stored = await users.find({ _id });
      if (stored === undefined) return { kind: "unknown", unneeded: claimed };
      if (integer(stored, "version") !== user.version - 1) return { kind: "conflict", unneeded: claimed };
      const held = heldBy(stored);
      for (const key of wanted.difference(held)) {
        if ((await claims.claim(_id, key)) === "taken") return { kind: "identifier-taken", unneeded: claimed };
        claimed.add(key);
      }
      const revision = integer(stored, "revision");
      if (!(await users.update({ _id, revision }, replacementBy(user, revision + 1)))) return undefined;
      return { kind: "replaced", unneeded: held.difference(wanted) };
    });
  }

  return {
    async create(user) {
      const _id = tenantKey(user.tenantId, user.id);
      const nobody = { ...user, identifiers: [], version: unborn };
      if ((await users.insert(documentOf(nobody, 0))) === "exists") throw new Error("there is a user of that id already");
      const { kind, unneeded } = await put(user);
      if (kind === "replaced") return "created";
      await users.delete({ _id, version: unborn });
      await claims.releaseAll(_id, unneeded);
      if (kind === "identifier-taken") return kind;
      throw unavailable("the user was deleted while it was created");
    },
    async find(tenant, id) {
      const document = await users.find({ _id: tenantKey(tenant, id) });
      return document && bornUserOf(document);
    },
    async findWithConsent(tenant, id, client) {
      const document = await finding.run({ _id: tenantKey(tenant, id), consent: `${consentPath(client)}.allowed` });
      const user = document && bornUserOf(document);
      return user && { user, allowed: allowedIn(document, client) };
    },
    async findByIdentifier(tenant, collection, identifier) {
      const key = claimKey(tenant, collection, identifier);
      // Nobody is looked up as well: whether somebody has the identifier must not be told by the time that it takes (K2).
      const _id = (await claims.claimant(key)) ?? tenantKey(tenant, nobody);
      const document = await users.find({ _id });
      return document !== undefined && heldBy(document).has(key) ? userOf(document) : undefined;
    },
    async list(tenant, { limit, cursor }) {
      const filter = { ...keysAfter(tenant, cursor), version: { $gt: unborn } };
      const documents = await users.list(filter, "_id", limit + 1);
      return pageOf(documents, limit, userOf, (user) => user.id);
    },
    async replace(user) {
      const { kind, unneeded } = await put(user);
      await claims.release(tenantKey(user.tenantId, user.id), unneeded);
      return kind;
    },
    async delete(tenant, id) {
      const document = await users.deleteAndFind({ _id: tenantKey(tenant, id) });
      if (document === undefined) return false;
      await claims.releaseAll(document._id, heldBy(document));
      return integer(document, "version") > unborn;
    },
    async deleteTenant(tenant) {
      // The users first: a claim of a user who is no more stands in nobody's way.
      await users.deleteAll(keysOf(tenant));
      await claims.deleteAll(keysOf(tenant));
    },
  };
}

interface WantedUser {
  readonly _id: string;
  /** The path to what the user allowed a client. */
  readonly consent: string;
}

/** Each of the users with at least that consent, in the order in which they are wanted; undefined where there is none. */
async function findAllWithConsents(wanted: readonly WantedUser[], users: DocumentCollection) {
  const consents = Object.fromEntries(wanted.map(({ consent }) => [consent, 1 as const]));
  const ids = [...new Set(wanted.map(({ _id }) => _id))];
  const found = await users.findAll(ids, { ...userMembers, ...consents });
  const byId = new Map(found.map((document) => [document._id, document]));
  return wanted.map(({ _id }) => byId.get(_id));
}

function documentOf(user: StoredUser, revision: number): StoredDocument {
  return {
    _id: tenantKey(user.tenantId, user.id),
    tenantId: user.tenantId,
    id: user.id,
    collection: user.collection,
    username: user.username,
    ...(user.email !== undefined && { email: user.email }),
    emailVerified: user.emailVerified,
    identifiers: user.identifiers,
    claims: JSON.stringify(user.claims),
    roles: user.roles,
    attributes: JSON.stringify(user.attributes),
    blocked: user.blocked,
    epoch: user.epoch,
    ...(user.passwordHash !== undefined && { passwordHash: user.passwordHash }),
    createdAt: user.createdAt,
    updatedAt: user.updatedAt,
    version: user.version,
    revision,
  };
}

/** Puts the user's members in place of those before, and leaves alone whatever else the document has. */
function replacementBy(user: StoredUser, revision: number): DocumentUpdate {
  const { _id, ...members } = documentOf(user, revision);
  const absent = Object.keys(userMembers).filter((member) => !Object.hasOwn(members, member));
  return { $set: members, ...(absent.length > 0 && { $unset: Object.fromEntries(absent.map((member) => [member, ""])) }) };
}

const userMembers: Readonly<Record<keyof StoredUser, 1>> = {
  tenantId: 1,
  id: 1,
  collection: 1,
  username: 1,
  email: 1,
  emailVerified: 1,
  identifiers: 1,
  claims: 1,
  roles: 1,
  attributes: 1,
  blocked: 1,
  epoch: 1,
  passwordHash: 1,
  createdAt: 1,
  updatedAt: 1,
  version: 1,
};

/** Undefined for a user who is only being created. */
function bornUserOf(document: StoredDocument): StoredUser | undefined {
  const user = userOf(document);
  return user.version > unborn ? user : undefined;
}

function userOf(document: StoredDocument): StoredUser {
  const email = optionalText(document, "email");
  const passwordHash = optionalText<PasswordHash>(document, "passwordHash");
  return {
    tenantId: text(document, "tenantId"),
    id: text(document, "id"),
    collection: text(document, "collection"),
    username: text(document, "username"),
    ...(email !== undefined && { email }),
    emailVerified: flag(document, "emailVerified"),
    identifiers: texts(document, "identifiers"),
    claims: jsonObject(document, "claims"),
    roles: texts(document, "roles"),
    attributes: jsonObject(document, "attributes"),
    blocked: flag(document, "blocked"),
    epoch: integer(document, "epoch"),
    ...(passwordHash !== undefined && { passwordHash }),
    createdAt: integer(document, "createdAt"),
    updatedAt: integer(document, "updatedAt"),
    version: integer(document, "version"),
  };
}
