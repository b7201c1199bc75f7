import type { IncomingHttpHeaders } from "node:http";

export interface SentCookie {
  /** Without the deployment's prefix. */
  readonly name: string;
  readonly value: string;
}

/** Cookies of one deployment: under an https public URL they are `__Host-` and Secure (RFC 6265bis section 4.1.3.2). */
export interface CookieJar {
  /** The value that the browser sent. */
  read(headers: IncomingHttpHeaders, name: string): string | undefined;
  /** All cookies that the browser sent whose names, without the deployment's prefix, begin with `beginning`. */
  readAll(headers: IncomingHttpHeaders, beginning: string): readonly SentCookie[];
  /** A `Set-Cookie` value. Without a lifetime the cookie ends with the browser. */
  set(name: string, value: string, lifetimeSeconds?: number): string;
  /** A `Set-Cookie` value that removes the cookie. */
  clear(name: string): string;
}

export function cookieJar(publicUrl: string): CookieJar {
  const isSecure = publicUrl.startsWith("https:");
  const prefix = isSecure ? "__Host-" : "";
  const attributes = `; Path=/; HttpOnly; SameSite=Lax${isSecure ? "; Secure" : ""}`;
  return {
    read: (headers, name) => cookieValue(headers.cookie, prefix + name),
    readAll: (headers, beginning) => cookiesOf(headers.cookie, prefix, beginning),
    set: (name, value, lifetimeSeconds) =>
      `${prefix}${name}=${value}${attributes}${lifetimeSeconds === undefined ? "" : `; Max-Age=${Math.max(0, Math.floor(lifetimeSeconds))}`}`,
    clear: (name) => `${prefix}${name}=${attributes}; Max-Age=0`,
  };
}

const separator = /; */;

function cookieValue(header: string | undefined, name: string): string | undefined {
  if (header === undefined) return undefined;
  for (const pair of header.split(separator)) {
    if (pair.startsWith(name) && pair.charAt(name.length) === "=") return pair.slice(name.length + 1);
  }
  return undefined;
}

function cookiesOf(header: string | undefined, prefix: string, beginning: string): readonly SentCookie[] {
  return (header ?? "").split(separator).flatMap((pair) => {
    const equals = pair.indexOf("=");
    if (equals < 0 || !pair.startsWith(prefix + beginning)) return [];
    return [{ name: pair.slice(prefix.length, equals), value: pair.slice(equals + 1) }];
  });
}
