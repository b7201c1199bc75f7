import { OAuthError } from "../errors.ts";
import type { SentParameter } from "./parameters.ts";

/**
 * The parameters of a query string or of an application/x-www-form-urlencoded body, in the order sent. Unlike a browser's own parser it refuses
 * what is not well-formed: a character that was mangled on its way must not pass for another (RFC 6749 appendix B).
 * @throws OAuthError invalid_request
 */
export function parseForm(text: string): readonly SentParameter[] {
  if (text === "") return [];
  const parameters: SentParameter[] = [];
  for (const pair of text.split("&")) {
    if (pair === "") continue;
    const equals = pair.indexOf("=");
    const name = equals < 0 ? pair : pair.slice(0, equals);
    const value = equals < 0 ? "" : pair.slice(equals + 1);
    parameters.push({ name: decoded(name), value: decoded(value) });
  }
  return parameters;
}

function decoded(text: string): string {
  const spaced = text.includes("+") ? text.replaceAll("+", " ") : text;
  if (!spaced.includes("%")) return spaced;
  try {
    return decodeURIComponent(spaced);
  } catch (cause) {
    throw new OAuthError("invalid_request", "the parameters must be form-encoded UTF-8", { cause });
  }
}

/** The reverse of `parseForm`. */
export function formatForm(parameters: readonly SentParameter[]): string {
  return parameters.map(({ name, value }) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).join("&");
}
