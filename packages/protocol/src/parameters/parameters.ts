import { OAuthError } from "../errors.ts";
import { hasControlCharacter } from "./control-character.ts";

/** One parameter as it was sent; a name may come twice. */
export interface SentParameter {
  readonly name: string;
  readonly value: string;
}

/** Parameters by name, each sent once and with a value. */
export type Parameters = ReadonlyMap<string, string>;

/** May be sent more than once (RFC 8707 section 2, RFC 8693 section 2.1). */
const repeatable = new Set(["resource", "audience"]);

const maximumCount = 100;

/**
 * The parameters by name. One without a value counts as left out, and one sent twice is an error (RFC 6749 sections 3.1 and 3.2).
 * @throws OAuthError invalid_request
 */
export function parseParameters(sent: readonly SentParameter[]): Parameters {
  if (sent.length > maximumCount) throw new OAuthError("invalid_request", `at most ${maximumCount} parameters are allowed`);
  const parameters = new Map<string, string>();
  const seen = new Set<string>();
  for (const { name, value } of sent) {
    if (repeatable.has(name)) continue;
    if (seen.has(name)) throw new OAuthError("invalid_request", `the parameter ${printable(name)} was sent more than once`);
    seen.add(name);
    // No parameter of the protocol holds a line break, a NUL or another control character (RFC 6749 appendix A).
    if (hasControlCharacter(value))
      throw new OAuthError("invalid_request", `the parameter ${printable(name)} has a character that is not allowed`);
    if (value !== "") parameters.set(name, value);
  }
  return parameters;
}

/**
 * Of all names and values together, in UTF-16 code units, so that no query or page has to carry more. `what` names the request.
 * @throws OAuthError invalid_request
 */
export function checkTotalLength(sent: readonly SentParameter[], maximumLength: number, what: string): void {
  let length = 0;
  for (const { name, value } of sent) length += name.length + value.length;
  if (length > maximumLength) throw new OAuthError("invalid_request", `${what} may have at most ${maximumLength} characters`);
}

/** @throws OAuthError invalid_request where it was not sent */
export function required(parameters: Parameters, name: string): string {
  const value = parameters.get(name);
  if (value === undefined) throw new OAuthError("invalid_request", `the parameter ${name} is missing`);
  return value;
}

/** A name from outside, fit for a description: RFC 6749 section 5.2 allows neither quotes nor backslashes nor what is not ASCII. */
function printable(name: string): string {
  return name.slice(0, 40).replace(/[^\x21\x23-\x5b\x5d-\x7e]/g, "?");
}
