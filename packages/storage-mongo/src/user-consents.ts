import { type ClientId, parseClientId } from "@signet/protocol";
import { optionalObject, type StoredMembers, texts } from "@signet/storage/adapter";
import type { StoredDocument } from "./document.ts";

/**
 * Where a user's document has what the user allowed: under the client's id in `consents`. `consentedClients` are the keys of those clients, tenant
 * and all, for an index that finds the users who allowed a client something.
 */
export const withoutConsents = { consents: 0, consentedClients: 0 } as const;

/**
 * The path to what was allowed to the client.
 * @throws Error where the id is none: nothing else may become a part of a path
 */
export function consentPath(client: ClientId): string {
  if (parseClientId(client) === undefined) throw new Error("a client's id has 24 hex digits");
  return `consents.${client}`;
}

/** What the user allowed the client, in a document that was read with at least `allowed` in its `consentPath`. */
export function allowedIn(document: StoredDocument, client: ClientId): readonly string[] {
  const consents = optionalObject<StoredMembers>(document, "consents");
  const consent = consents && optionalObject<StoredMembers>(consents, client);
  return consent === undefined ? [] : texts(consent, "allowed");
}
