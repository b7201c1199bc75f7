import { type Instant, instant } from "@signet/protocol";
import type { StoredMembers } from "@signet/storage/adapter";

/** A document as MongoDB gives it. */
export interface StoredDocument extends StoredMembers {
  readonly _id: string;
}

/** The moment in `member`, which holds a date: those that indexes expire documents by are. */
export function moment(document: StoredDocument, member: string): Instant {
  const value = document[member];
  if (!(value instanceof Date)) throw new Error(`the member ${member} does not hold a date`);
  return instant(value.getTime());
}
