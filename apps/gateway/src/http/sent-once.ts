import { HttpError } from "./http-error.ts";

/** A request's headers as they were sent, names and values in turn: `IncomingMessage.rawHeaders`. */
export type RawHeaders = readonly string[];

/**
 * The value of a header that says who is asking; undefined without it. `name` is in lower case. Of two Authorization headers `IncomingMessage.headers` keeps the first
 * and tells nobody; another reader of the request may take the second.
 * @throws HttpError 400 where it was sent twice
 */
export function sentOnce(headers: RawHeaders, name: string): string | undefined {
  let found: string | undefined;
  for (let index = 0; index < headers.length; index += 2) {
    const sent = headers[index];
    if (sent?.length !== name.length || sent.toLowerCase() !== name) continue;
    if (found !== undefined) throw new HttpError(400, `the header ${name} was sent more than once`);
    found = headers[index + 1];
  }
  return found;
}
