import { ResourceError } from "../errors.ts";

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [member: string]: Json };
export type JsonObject = { readonly [member: string]: Json };

const maximumBytes = 16 * 1024;
const maximumDepth = 16;

/**
 * A JSON object of at most 16 KiB and 16 levels. A member may not be called like one that every object of JavaScript has, such as
 * `__proto__`: copied by a careless hand it would change what it is copied to. `what` names the object in the error.
 * @throws ResourceError invalid
 */
export function parseJsonObject(text: string, what: string): JsonObject {
  if (Buffer.byteLength(text, "utf8") > maximumBytes) throw refused(`${what} may have at most ${maximumBytes} bytes`);
  const value = jsonIn(text);
  if (value === undefined) throw refused(`${what} must be JSON`);
  if (!isJsonObject(value)) throw refused(`${what} must be a JSON object`);
  check(value, what, 1);
  return value;
}

/** Whether `value` is an object: neither a list, a scalar nor null. */
export function isJsonObject(value: Json): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value that a text from outside stands for, whatever it is; undefined where it is not JSON. */
export function jsonIn(text: string): Json | undefined {
  try {
    return JSON.parse(text);
  } catch {
    // What is thrown repeats a part of the text: that may be a secret, and would go to the log.
    return undefined;
  }
}

function check(value: Json, what: string, depth: number): void {
  if (typeof value !== "object" || value === null) return;
  if (depth > maximumDepth) throw refused(`${what} may be nested at most ${maximumDepth} levels deep`);
  for (const [member, inner] of Object.entries(value)) {
    if (!Array.isArray(value) && member in Object.prototype)
      throw refused(`${what} has a member with a name that is not allowed`);
    check(inner, what, depth + 1);
  }
}

function refused(description: string): ResourceError {
  return new ResourceError("invalid", description);
}
