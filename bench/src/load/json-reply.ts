import { type HttpReply, headerOf } from "./http-reply.ts";

/**
 * The members of a successful reply in JSON.
 * @throws Error for another status, for another type of content, and for what is no JSON object
 */
export function parseJsonReply({ status, head, body }: HttpReply): ReadonlyMap<string, unknown> {
  const contentType = headerOf(head, "content-type") ?? "";
  // JWK Sets also have a type of their own: RFC 7517 section 8.5.2.
  if (status !== 200 || !/^application\/(?:jwk-set\+)?json\b/i.test(contentType)) {
    throw new Error(`not a reply in JSON: ${status} ${contentType} ${body.slice(0, 300)}`);
  }
  const reply: unknown = JSON.parse(body);
  if (typeof reply !== "object" || reply === null || Array.isArray(reply))
    throw new Error(`no JSON object: ${body.slice(0, 300)}`);
  return new Map(Object.entries(reply));
}

/** @throws Error where a member is another value than the expected one */
export function expectMembers(reply: ReadonlyMap<string, unknown>, expected: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(expected)) {
    if (reply.get(name) !== value) throw new Error(`${name} is ${JSON.stringify(reply.get(name))}, not ${JSON.stringify(value)}`);
  }
}
