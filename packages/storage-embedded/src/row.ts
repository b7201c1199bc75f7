import type { SQLOutputValue } from "node:sqlite";
import { integer, jsonObject, text } from "@signet/storage/adapter";

export { integer, jsonObject, jsonTexts, text } from "@signet/storage/adapter";

/** A row as SQLite gives it, by its columns. What is absent is null in it: so the readers of what may be absent are its own. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

export function optionalText<Text extends string = string>(row: Row, column: string): Text | undefined {
  return row[column] === null ? undefined : text<Text>(row, column);
}

export function optionalInteger<Integer extends number = number>(row: Row, column: string): Integer | undefined {
  return row[column] === null ? undefined : integer<Integer>(row, column);
}

export function optionalJsonObject<Value extends object>(row: Row, column: string): Value | undefined {
  return row[column] === null ? undefined : jsonObject<Value>(row, column);
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) === 1;
}
