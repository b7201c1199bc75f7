import { type Parameters, parseForm, parseParameters } from "@signet/protocol";
import type { Step } from "../endpoint.ts";
import { HttpError } from "../http/http-error.ts";
import type { HostRequest } from "../http/request.ts";

/** The parameters of the query string; those in `neverEmpty` must have a value when they are sent. */
export function query(...neverEmpty: readonly string[]): Step<HostRequest, { readonly query: Parameters }> {
  return { run: ({ queryString }) => ({ query: parseQuery(queryString, neverEmpty) }) };
}

/**
 * The parameters of a query string, each sent once. Those in `neverEmpty` must have a value when they are sent: an id that was lost on
 * its way must not turn a request about one thing into a request about all.
 * @throws HttpError 400, OAuthError invalid_request
 */
export function parseQuery(queryString: string, neverEmpty: readonly string[]): Parameters {
  const sent = parseForm(queryString);
  const empty = sent.find(({ name, value }) => value === "" && neverEmpty.includes(name));
  if (empty !== undefined) throw new HttpError(400, `the query parameter ${empty.name} has no value`);
  return parseParameters(sent);
}
