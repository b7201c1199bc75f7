import { HttpError } from "./http-error.ts";

/** A request's headers with every value that was sent, as `IncomingMessage.headersDistinct` has them. */
export type DistinctHeaders = Readonly<Record<string, readonly string[] | undefined>>;

/**
 * The value of a header that says who is asking; undefined without it. Of two Authorization headers `IncomingMessage.headers` keeps the first
 * and tells nobody; another reader of the request may take the second.
 * @throws HttpError 400 where it was sent twice
 */
export function sentOnce(headers: DistinctHeaders, name: string): string | undefined {
  const values = headers[name] ?? [];
  if (values.length > 1) throw new HttpError(400, `the header ${name} was sent more than once`);
  return values[0];
}
