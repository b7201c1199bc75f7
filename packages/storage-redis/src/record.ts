import { type Instant, instant } from "@signet/protocol";

/** An object as a store wrote it, read back from Redis. */
export type StoredRecord = Readonly<Record<string, unknown>>;

/** The object whose JSON `value` is. */
export function recordOf(value: string): StoredRecord {
  const record = parsed(value);
  if (!isRecord(record)) throw new Error("what Redis gave is not the JSON of an object");
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

/**
 * The text in `member`. Its kind (a hash, an id) is the one that the store wrote there, as every member is written and read by one store alone.
 */
export function text<Text extends string = string>(record: StoredRecord, member: string): Text {
  const value = record[member];
  if (!isText<Text>(value)) throw unexpected(member, "text");
  return value;
}

export function optionalText<Text extends string = string>(record: StoredRecord, member: string): Text | undefined {
  return record[member] === undefined ? undefined : text<Text>(record, member);
}

/** The whole number in `member`: a count, or an `Instant`. */
export function integer<Integer extends number = number>(record: StoredRecord, member: string): Integer {
  const value = record[member];
  if (!isInteger<Integer>(value)) throw unexpected(member, "a whole number");
  return value;
}

export function flag(record: StoredRecord, member: string): boolean {
  const value = record[member];
  if (typeof value !== "boolean") throw unexpected(member, "true or false");
  return value;
}

export function texts(record: StoredRecord, member: string): readonly string[] {
  const value = record[member];
  if (!Array.isArray(value) || !value.every(isText<string>)) throw unexpected(member, "a list of strings");
  return value;
}

/** The object in `member`. Its members are those that the store wrote. */
export function optionalObject<Value extends object>(record: StoredRecord, member: string): Value | undefined {
  const value = record[member];
  if (value === undefined) return undefined;
  if (!isObject<Value>(value)) throw unexpected(member, "an object");
  return value;
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

function isRecord(value: unknown): value is StoredRecord {
  return isObject(value);
}

function isObject<Value extends object>(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isText<Text extends string>(value: unknown): value is Text {
  return typeof value === "string";
}

function isInteger<Integer extends number>(value: unknown): value is Integer {
  return Number.isSafeInteger(value);
}

function unexpected(member: string, expected: string): Error {
  return new Error(`the member ${member} does not hold ${expected}`);
}
