import { apiTokenRefused } from "@signet/protocol";
import { type RawHeaders, sentOnce } from "./sent-once.ts";

/** Wider than the b64token of RFC 6750 section 2.1: an administration token may be any printable ASCII. */
const token = /^[\x21-\x7e]{1,512}$/;
const bearer = /^Bearer +(\S+) *$/i;

/**
 * The token in the Authorization header, which must then be Bearer (RFC 6750 section 2.1); undefined without that header.
 * @throws ResourceError unauthenticated, HttpError 400 where the header was sent twice
 */
export function bearerToken(headers: RawHeaders): string | undefined {
  const header = sentOnce(headers, "authorization");
  return header === undefined ? undefined : wellFormed(bearer.exec(header)?.[1]);
}

/**
 * The token in a header of its own; undefined without that header.
 * @throws ResourceError unauthenticated, HttpError 400 where the header was sent twice
 */
export function headerToken(headers: RawHeaders, name: string): string | undefined {
  const header = sentOnce(headers, name);
  return header === undefined ? undefined : wellFormed(header);
}

function wellFormed(value: string | undefined): string {
  if (value === undefined || !token.test(value)) throw apiTokenRefused();
  return value;
}
