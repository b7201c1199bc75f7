/**
 * A document, a row or a record as a store gives it back. Members that an adapter does not know are left alone: a newer version beside this one may
 * have written them.
 */
export type StoredMembers = Readonly<Record<string, unknown>>;

/**
 * The text in `member`. Its kind (a hash, an id) is the one that the store wrote there, as every member is written and read by one store alone.
 */
export function text<Text extends string = string>(stored: StoredMembers, member: string): Text {
  const value = stored[member];
  if (!isText<Text>(value)) throw unexpected(member, "text");
  return value;
}

export function optionalText<Text extends string = string>(stored: StoredMembers, member: string): Text | undefined {
  return stored[member] === undefined ? undefined : text<Text>(stored, member);
}

/** The whole number in `member`: a count, or an `Instant`. */
export function integer<Integer extends number = number>(stored: StoredMembers, member: string): Integer {
  const value = stored[member];
  if (!isInteger<Integer>(value)) throw unexpected(member, "a whole number");
  return value;
}

export function optionalInteger<Integer extends number = number>(stored: StoredMembers, member: string): Integer | undefined {
  return stored[member] === undefined ? undefined : integer<Integer>(stored, member);
}

export function flag(stored: StoredMembers, member: string): boolean {
  const value = stored[member];
  if (typeof value !== "boolean") throw unexpected(member, "true or false");
  return value;
}

export function texts<Text extends string = string>(stored: StoredMembers, member: string): readonly Text[] {
  return textsIn<Text>(stored[member], member);
}

/** The list in `member`, which holds the JSON of one. */
export function jsonTexts<Text extends string = string>(stored: StoredMembers, member: string): readonly Text[] {
  return textsIn<Text>(JSON.parse(text(stored, member)), member);
}

/** The object in `member`. Its members are those that the store wrote. */
export function optionalObject<Value extends object>(stored: StoredMembers, member: string): Value | undefined {
  const value = stored[member];
  if (value === undefined) return undefined;
  if (!isObject<Value>(value)) throw unexpected(member, "an object");
  return value;
}

/** The object in `member`, which holds the JSON of one: so its members may have any name. They are those that the store wrote. */
export function jsonObject<Value extends object>(stored: StoredMembers, member: string): Value {
  const value: unknown = JSON.parse(text(stored, member));
  if (!isObject<Value>(value)) throw unexpected(member, "the JSON of an object");
  return value;
}

/** Whether `value` is an object that a store wrote, with the members that it has. */
export function isObject<Value extends object>(value: unknown): value is Value {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function textsIn<Text extends string>(value: unknown, member: string): readonly Text[] {
  if (!Array.isArray(value) || !value.every(isText<Text>)) throw unexpected(member, "a list of strings");
  return value;
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
