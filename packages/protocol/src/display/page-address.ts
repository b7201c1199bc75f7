import { isLoopbackHost } from "../redirect-uri/loopback.ts";

const maximumLength = 2048;
/** An authority and what a URI may be made of (RFC 3986 section 2): no quotes, spaces, backslashes, control characters, nor what is not ASCII. */
const shape = /^https?:\/\/[A-Za-z0-9\-._:[\]]+(?:[/?#][A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=%]*)?$/;

/**
 * Whether `value` may stand on a page as a link or an image (RFC 7591 section 2, logo_uri and its like): `https:`, or `http:` on this
 * machine, so that `javascript:` and `data:` never get there; without user information; at most 2,048 characters.
 */
export function isPageAddress(value: string): boolean {
  if (value.length > maximumLength || !shape.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === "https:" || isLoopbackHost(url.hostname);
}

/** What an address that `isPageAddress` refuses has to be changed to. */
export const pageAddressRule =
  "must be an https address, or an http one on this machine, without user information, of at most 2048 characters";
