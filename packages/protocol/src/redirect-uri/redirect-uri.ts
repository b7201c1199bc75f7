import type { Brand } from "../brand.ts";
import type { ApplicationType } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { isLoopbackHost } from "./loopback.ts";

/** A redirect URI that was fit to be registered (RFC 6749 section 3.1.2, RFC 8252, RFC 9700 section 2.1). */
export type RedirectUri = Brand<string, "RedirectUri">;

const maximumLength = 2048;

/** What a URI may be made of (RFC 3986 section 2), so neither spaces, quotes, backslashes, wildcards, control characters nor what is not ASCII. */
const characters = /^[A-Za-z0-9\-._~:/?#[\]@!$&'()+,;=%]+$/;
const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/;
/** A path that different parsers take for different paths: dot segments, encoded dots and slashes, path parameters on dots, empty segments. */
const ambiguousPath = /(?:^|\/)\.{1,2}(?:[/;]|$)|%2e|%2f|%5c|\/\//i;
/** A percent sign without its two digits, or an encoded control character such as a line break. */
const badEncoding = /%(?![0-9A-Fa-f]{2})|%[01][0-9A-Fa-f]|%7f/i;
/** Members of the authorization response: one that stands in the URI already could pass for the provider's answer. */
const responseMembers = new Set([
  "code",
  "state",
  "iss",
  "error",
  "error_description",
  "error_uri",
  "response",
  "id_token",
  "access_token",
  "token_type",
  "expires_in",
  "scope",
  "session_state",
]);

/** Letters, digits, hyphens and periods (RFC 1123 section 2.1), or an IPv6 address: URL parsers also let through what would end a CSP directive. */
const hostShape = /^(?:[a-z0-9.-]+|\[[0-9a-f:]+\])$/;

/**
 * A redirect URI as a client registers it. Web applications have `https:`, or `http:` on this machine; native ones have also a private-use
 * scheme with a period in it (RFC 8252 sections 7.1 and 8.4).
 * @throws OAuthError invalid_redirect_uri
 */
export function parseRedirectUri(value: string, applicationType: ApplicationType): RedirectUri {
  if (value.length > maximumLength) throw refused(`may have at most ${maximumLength} characters`);
  if (!characters.test(value)) throw refused("has a character that is not allowed, such as a wildcard, a backslash or a space");
  if (badEncoding.test(value))
    throw refused("must not have encoded control characters, nor a percent sign without two hex digits");
  if (value.includes("#")) throw refused("must not have a fragment (RFC 6749 section 3.1.2)");
  const name = scheme.exec(value)?.[1]?.toLowerCase();
  if (name === undefined || !URL.canParse(value)) throw refused("must be an absolute URI");
  const url = new URL(value);
  if (url.username !== "" || url.password !== "") throw refused("must not have user information");
  if (name === "http" || name === "https") checkWeb(value, url, name);
  else checkPrivateUse(name, applicationType);
  for (const parameter of parameterNames(url)) {
    if (responseMembers.has(parameter))
      throw refused(`must not have the query parameter ${parameter}, which is a member of the authorization response`);
  }
  return value as RedirectUri;
}

function checkWeb(value: string, url: URL, name: "http" | "https"): void {
  if (!/^https?:\/\/[^/?]/i.test(value)) throw refused("must have a host");
  const path = value.replace(/^https?:\/\/[^/?]*/i, "").split("?", 1)[0] ?? "";
  if (ambiguousPath.test(path)) throw refused("must have a plain path, without dot segments, encoded slashes or empty segments");
  if (name === "http" && !isLoopbackHost(url.hostname))
    throw refused("must use https, unless its host is localhost, 127.0.0.1 or [::1]");
  const authority = /^https?:\/\/([^/?]*)/i.exec(value)?.[1] ?? "";
  if (authority.replace(/:\d+$/, "").toLowerCase() !== url.hostname || !hostShape.test(url.hostname))
    throw refused("must have its host in the usual notation");
}

function checkPrivateUse(name: string, applicationType: ApplicationType): void {
  if (applicationType !== "native") throw refused("must use https or, on this machine, http");
  if (!name.includes(".")) throw refused("must use a scheme with a period in it, such as com.example.app (RFC 8252 section 8.4)");
}

/** Also as parsers see them that take a semicolon for an ampersand, or leave out spaces around a name. */
function parameterNames(url: URL): readonly string[] {
  return [...new URLSearchParams(url.search.replaceAll(";", "&")).keys()].map((name) => name.trim());
}

function refused(why: string): OAuthError {
  return new OAuthError("invalid_redirect_uri", `a redirect URI ${why}`);
}

/**
 * The registered redirect URI that `sent` is, compared as strings (RFC 9700 section 2.1). Only the port of a native application's loopback
 * address may differ (RFC 8252 section 7.3); the answer is then what was sent.
 */
export function matchRedirectUri(
  sent: string,
  registered: readonly RedirectUri[],
  applicationType: ApplicationType,
): RedirectUri | undefined {
  const exact = registered.find((uri) => uri === sent);
  if (exact !== undefined || applicationType !== "native") return exact;
  const portless = withoutLoopbackPort(sent);
  if (portless === undefined) return undefined;
  return registered.some((uri) => withoutLoopbackPort(uri) === portless) ? (sent as RedirectUri) : undefined;
}

/** `http://127.0.0.1:123/x` → `http://127.0.0.1/x`; undefined for what is no loopback address. */
function withoutLoopbackPort(uri: string): string | undefined {
  const parts = /^(http:\/\/(?:localhost|127\.0\.0\.1|\[::1\]))(?::([0-9]{1,5}))?((?:[/?][^#]*)?)$/.exec(uri);
  if (parts === null || Number(parts[2] ?? 0) > 65535 || !characters.test(uri)) return undefined;
  return `${parts[1]}${parts[3]}`;
}

/**
 * Where a page may be left for, as a source of `form-action` (CSP Level 3 section 2.3.1): an origin, or a scheme with its colon. That grammar
 * has no IPv6 addresses, so the scheme stands for those too.
 */
export function redirectTarget(uri: RedirectUri): string {
  const url = new URL(uri);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  return isWeb && !url.hostname.startsWith("[") ? url.origin : url.protocol;
}
