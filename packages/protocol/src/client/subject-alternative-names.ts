import { isIP } from "node:net";
import { jsonIn } from "../json/json.ts";

/** Another name of a certificate's subject: its kind as node:crypto calls it, and its value. */
export interface AlternativeName {
  readonly kind: string;
  readonly value: string;
}

/** A value with a sign that could be taken for another entry is quoted as JSON. */
const entry = /(?:^|, )([A-Za-z][A-Za-z ]*):("(?:[^"\\]|\\.)*"|[^",]*)/gy;

/** The names in what node:crypto tells of a certificate (`subjectAltName`); none where it cannot be read to its end. */
export function alternativeNames(text: string | undefined): readonly AlternativeName[] {
  if (text === undefined) return [];
  const names: AlternativeName[] = [];
  const entries = new RegExp(entry);
  while (entries.lastIndex < text.length) {
    const [, kind, value] = entries.exec(text) ?? [];
    if (kind === undefined || value === undefined) return [];
    names.push({ kind, value: value.startsWith('"') ? unquoted(value) : value });
  }
  return names;
}

function unquoted(value: string): string {
  const text = jsonIn(value);
  return typeof text === "string" ? text : "";
}

/** An address in the one way in which it is written here; undefined for what is none (RFC 5952). */
export function canonicalAddress(text: string): string | undefined {
  const version = isIP(text);
  if (version === 4) return text;
  return version === 6 && !text.includes("%") ? new URL(`http://[${text}]`).hostname : undefined;
}
