import { type Instant, instant } from "@signet/protocol";
import { isObject, type StoredMembers } from "@signet/storage/adapter";

/** The object whose JSON `value` is. */
export function recordOf(value: string): StoredMembers {
  const record = parsed(value);
  if (!isObject<StoredMembers>(record)) throw new Error("what Redis gave is not the JSON of an object");
  return record;
}

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Without its cause, which repeats a part of the text.
    return undefined;
  }
}

/** What a script answered: a list of strings, where null stands for what is not there. */
export function replyTexts(reply: unknown): readonly (string | undefined)[] {
  if (!Array.isArray(reply)) throw new Error("what Redis answered is not a list");
  return reply.map((item: unknown) => {
    if (item === null) return undefined;
    if (typeof item !== "string") throw new Error("what Redis answered is not a list of strings");
    return item;
  });
}

/** The moment that a script gave as the digits that it was stored with. */
export function instantOf(digits: string): Instant {
  if (!/^[0-9]{1,15}$/.test(digits)) throw new Error("what Redis gave is not a point in time");
  return instant(Number(digits));
}
