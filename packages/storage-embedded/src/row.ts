import type { SQLOutputValue } from "node:sqlite";

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

/**
 * The text in `column`. Its kind (a hash, an id) is the one that the store wrote there, as every column is written and read by one store alone.
 */
export function text<Text extends string = string>(row: Row, column: string): Text {
  return textOf<Text>(row[column], column);
}

export function optionalText<Text extends string = string>(row: Row, column: string): Text | undefined {
  const value = row[column];
  return value === null ? undefined : textOf<Text>(value, column);
}

/** The whole number in `column`: a count, or an `Instant`. */
export function integer<Integer extends number = number>(row: Row, column: string): Integer {
  return integerOf<Integer>(row[column], column);
}

export function optionalInteger<Integer extends number = number>(row: Row, column: string): Integer | undefined {
  const value = row[column];
  return value === null ? undefined : integerOf<Integer>(value, column);
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) === 1;
}

/** The list in `column`, which holds a JSON array of strings. */
export function texts<Text extends string = string>(row: Row, column: string): readonly Text[] {
  const value: unknown = JSON.parse(text(row, column));
  if (!Array.isArray(value) || !value.every(isText<Text>)) throw unexpected(column, "a list of strings");
  return value;
}

/** The object in `column`, which holds the JSON of one. Its members are those that the store wrote. */
export function object<Value extends object>(row: Row, column: string): Value {
  const value: Value = JSON.parse(text(row, column));
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw unexpected(column, "an object");
  return value;
}

export function optionalObject<Value extends object>(row: Row, column: string): Value | undefined {
  return row[column] === null ? undefined : object<Value>(row, column);
}

function textOf<Text extends string>(value: SQLOutputValue | undefined, column: string): Text {
  if (!isText<Text>(value)) throw unexpected(column, "text");
  return value;
}

function integerOf<Integer extends number>(value: SQLOutputValue | undefined, column: string): Integer {
  if (!isInteger<Integer>(value)) throw unexpected(column, "an integer");
  return value;
}

function isText<Text extends string>(value: unknown): value is Text {
  return typeof value === "string";
}

function isInteger<Integer extends number>(value: unknown): value is Integer {
  return Number.isSafeInteger(value);
}

function unexpected(column: string, expected: string): Error {
  return new Error(`the column ${column} does not hold ${expected}`);
}
