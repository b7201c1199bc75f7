import { hasBody } from "../admission/admission.ts";
import type { Step } from "../endpoint.ts";
import { type RequestBody, readText } from "../http/body.ts";
import { HttpError } from "../http/http-error.ts";
import type { HostRequest } from "../http/request.ts";

const maximumDepth = 16;

type JsonBody = Step<HostRequest, { readonly body: Readonly<Record<string, unknown>> }>;

/** A JSON object as it was sent; a schema makes something of it. An empty body is an empty object. */
export const jsonBody: JsonBody = { run: async (request) => ({ body: await readJsonObject(request) }) };

/** The same for a request that needs no body: without one it need not say of which type that is. */
export const optionalJsonBody: JsonBody = {
  run: async (request) => ({ body: hasBody(request) ? await readJsonObject(request) : {} }),
};

async function readJsonObject(body: RequestBody): Promise<Readonly<Record<string, unknown>>> {
  return parseJsonObject(await readText(body, "application/json"));
}

/** @throws HttpError 400 */
export function parseJsonObject(text: string): Readonly<Record<string, unknown>> {
  if (text.trim() === "") return {};
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Without its cause, which repeats a part of the body: that may be a password, and the cause goes to the log.
    throw new HttpError(400, "the body must be JSON");
  }
  if (!isObject(value)) throw new HttpError(400, "the body must be a JSON object");
  checkMembers(value, 1);
  return value;
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * Neither deeper than anything needs to be, nor with a member that some code could take for a prototype, nor with half a surrogate pair: no UTF-8 has that
 * (RFC 7493 section 2.1), so the services would get another text than was sent.
 */
function checkMembers(value: object, depth: number): void {
  if (depth > maximumDepth) throw new HttpError(400, `the body may be at most ${maximumDepth} levels deep`);
  for (const [name, member] of Object.entries(value)) {
    if (name === "__proto__" || name === "constructor" || name === "prototype")
      throw new HttpError(400, `a member must not be called ${name}`);
    if (!name.isWellFormed() || (typeof member === "string" && !member.isWellFormed()))
      throw new HttpError(400, "the body's strings must be Unicode, without half a surrogate pair");
    if (typeof member === "object" && member !== null) checkMembers(member, depth + 1);
  }
}
