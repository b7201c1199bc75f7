import { type Instant, instant } from "@signet/protocol";

/** A document as MongoDB gives it. Members that a store does not know are left alone: a newer version beside this one may have written them. */
export interface StoredDocument {
  readonly _id: string;
  readonly [member: string]: unknown;
}

/** What members are read from: a document, or one that is embedded in it. */
type Members = Readonly<Record<string, unknown>>;

/**
 * The text in `member`. Its kind (a hash, an id) is the one that the store wrote there, as every member is written and read by one store alone.
 */
export function text<Text extends string = string>(document: Members, member: string): Text {
  const value = document[member];
  if (!isText<Text>(value)) throw unexpected(member, "text");
  return value;
}

export function optionalText<Text extends string = string>(document: Members, member: string): Text | undefined {
  return document[member] === undefined ? undefined : text<Text>(document, member);
}

/** The whole number in `member`: a count, or an `Instant`. */
export function integer<Integer extends number = number>(document: Members, member: string): Integer {
  const value = document[member];
  if (!isInteger<Integer>(value)) throw unexpected(member, "a whole number");
  return value;
}

export function optionalInteger<Integer extends number = number>(document: Members, member: string): Integer | undefined {
  return document[member] === undefined ? undefined : integer<Integer>(document, member);
}

/** The moment in `member`, which holds a date: those that indexes expire documents by are. */
export function moment(document: Members, member: string): Instant {
  const value = document[member];
  if (!(value instanceof Date)) throw unexpected(member, "a date");
  return instant(value.getTime());
}

export function flag(document: Members, member: string): boolean {
  const value = document[member];
  if (typeof value !== "boolean") throw unexpected(member, "true or false");
  return value;
}

export function texts<Text extends string = string>(document: Members, member: string): readonly Text[] {
  const value = document[member];
  if (!Array.isArray(value) || !value.every(isText<Text>)) throw unexpected(member, "a list of strings");
  return value;
}

/** The object in `member`, which holds the JSON of one: so its members may have dots and dollars in their names. They are those that the store wrote. */
export function object<Value extends object>(document: Members, member: string): Value {
  const value: Value = JSON.parse(text(document, member));
  if (!isMembers(value)) throw unexpected(member, "the JSON of an object");
  return value;
}

/** The document that is embedded in `member`. */
export function optionalMembers(document: Members, member: string): Members | undefined {
  const value = document[member];
  if (value === undefined) return undefined;
  if (!isMembers(value)) throw unexpected(member, "a document");
  return value;
}

function isMembers(value: unknown): value is Members {
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
