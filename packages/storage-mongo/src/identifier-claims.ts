import { randomUUID } from "node:crypto";
import type { TenantId, UserIdentifier } from "@signet/protocol";
import { untilReplaced } from "@signet/storage";
import { integer, text, texts } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";
import { DocumentCollection } from "./document-collection.ts";
import { tenantKey } from "./keys.ts";
import type { MongoConnection } from "./mongo-connection.ts";

/** A claim of a user who does not have the identifier is respected for so long: whoever made it may be about to write the user. */
export const claimMilliseconds = 10_000;

/** The `_id` of a claim. Both a collection and an identifier may have any character. */
export function claimKey(tenant: TenantId, collection: string, identifier: UserIdentifier): string {
  return tenantKey(tenant, JSON.stringify([collection, identifier]));
}

/** The claims that a user needs. */
export function claimKeysOf(user: {
  readonly tenantId: TenantId;
  readonly collection: string;
  readonly identifiers: readonly UserIdentifier[];
}): ReadonlySet<string> {
  // In one order, so that of two who want the same ones each other's claims do not stop both.
  return new Set(user.identifiers.map((identifier) => claimKey(user.tenantId, user.collection, identifier)).toSorted());
}

/** The claims that a user's document needs. */
export function heldBy(user: StoredDocument): ReadonlySet<string> {
  return claimKeysOf({
    tenantId: text(user, "tenantId"),
    collection: text(user, "collection"),
    identifiers: texts(user, "identifiers"),
  });
}

/**
 * What keeps identifiers unique: a document for each, whose `_id` is the identifier. A user has an identifier if the user's document says so; before it
 * says so the user has to have claimed it.
 *
 * A unique index on the users' list would do in MongoDB itself, but not every server that speaks its protocol looks into lists.
 *
 * Each step changes one document, and whoever takes them may stop between any two. So a claim may stand for a user who never comes to have the
 * identifier, and another may take it over. Before that the user's `revision` is raised: who claimed the identifier, and is only slow, can then no
 * longer write the user at the revision that was read before the claim.
 */
export class IdentifierClaims {
  readonly #claims: DocumentCollection;
  readonly #users: DocumentCollection;

  constructor(connection: MongoConnection, users: DocumentCollection) {
    this.#claims = new DocumentCollection(connection, "user_identifiers");
    this.#users = users;
  }

  /** The `_id` of the only user who can have the identifier. */
  async claimant(key: string): Promise<string | undefined> {
    const claim = await this.#claims.find({ _id: key });
    return claim && text(claim, "user");
  }

  /** Claims the identifier for a user whose document is there, and does not have it at the revision that the caller has read. */
  claim(user: string, key: string): Promise<"claimed" | "taken"> {
    return untilReplaced(async () => {
      const claim = { user, token: randomUUID(), claimedAt: Date.now() };
      if ((await this.#claims.insert({ _id: key, ...claim })) === "inserted") return "claimed";
      const other = await this.#claims.find({ _id: key });
      if (other === undefined) return undefined;
      if (text(other, "user") !== user) {
        const isFree = await this.#isFree(other, isRecent(other));
        if (isFree === undefined) return undefined;
        if (!isFree) return "taken";
      }
      return (await this.#claims.update(atToken(other), { $set: claim })) ? "claimed" : undefined;
    });
  }

  /** Gives up a claim of the user, unless the user has the identifier. */
  async release(user: string, keys: Iterable<string>): Promise<void> {
    for (const key of keys) {
      await untilReplaced(async () => {
        const claim = await this.#claims.find({ _id: key });
        if (claim === undefined || text(claim, "user") !== user) return true;
        const isFree = await this.#isFree(claim, false);
        if (isFree === true) await this.#claims.delete(atToken(claim));
        return isFree === undefined ? undefined : true;
      });
    }
  }

  /** Gives up all claims of a user who is no more. */
  async releaseAll(user: string, keys: ReadonlySet<string>): Promise<void> {
    if (keys.size > 0) await this.#claims.deleteAll({ _id: { $in: [...keys] }, user });
  }

  async deleteAll(filter: { readonly _id: { readonly $gt: string; readonly $lt: string } }): Promise<void> {
    await this.#claims.deleteAll(filter);
  }

  /**
   * Whether nobody has the identifier, and nobody can come to have it by this claim. With `isRespected` a claim of a user who is there counts as used.
   * Undefined where the user has just changed.
   */
  async #isFree(claim: StoredDocument, isRespected: boolean): Promise<boolean | undefined> {
    const user = await this.#users.find({ _id: text(claim, "user") });
    if (user === undefined) return true;
    if (isRespected || heldBy(user).has(claim._id)) return false;
    const revision = integer(user, "revision");
    return (await this.#users.update({ _id: user._id, revision }, { $inc: { revision: 1 } })) ? true : undefined;
  }
}

/** Of the claim as it was read: each claim, also by the same user, has a token of its own. */
function atToken(claim: StoredDocument) {
  return { _id: claim._id, token: text(claim, "token") };
}

/** Only how long one waits rests on this clock, not what is true. */
function isRecent(claim: StoredDocument): boolean {
  return Math.abs(Date.now() - integer(claim, "claimedAt")) < claimMilliseconds;
}
