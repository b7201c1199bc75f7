import type { Instant } from "@signet/protocol";
import type { RevokedToken } from "../grant-store.ts";
import { integer, type StoredMembers } from "./stored-members.ts";

/** The revoked tokens of a grant as adapters store them: when each would have expired, under its id. */
export function revokedTokenMembers(tokens: readonly RevokedToken[]): Readonly<Record<string, Instant>> {
  return Object.fromEntries(tokens.map(({ id, expiresAt }) => [id, expiresAt]));
}

/** The reverse of `revokedTokenMembers`. */
export function revokedTokensIn(members: StoredMembers): readonly RevokedToken[] {
  return Object.keys(members).map((id) => ({ id, expiresAt: integer(members, id) }));
}
