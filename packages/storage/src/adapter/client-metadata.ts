import { type ClientMetadata, laterClientMetadata } from "@signet/protocol";
import { jsonObject, type StoredMembers } from "./stored-members.ts";

/** A client's metadata from `member`, which holds the JSON of it. A version that did not know all members may have written it. */
export function clientMetadata(stored: StoredMembers, member: string): ClientMetadata {
  return { ...laterClientMetadata, ...jsonObject<ClientMetadata>(stored, member) };
}
