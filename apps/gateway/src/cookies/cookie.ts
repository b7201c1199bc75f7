import type { IncomingHttpHeaders } from "node:http";

/** Cookies of one deployment: under an https public URL they are `__Host-` and Secure (RFC 6265bis section 4.1.3.2). */
export interface CookieJar {
  /** The value that the browser sent. */
  read(headers: IncomingHttpHeaders, name: string): string | undefined;
  /** Names, without the deployment's prefix, of the cookies that the browser sent. */
  names(headers: IncomingHttpHeaders): readonly string[];
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
    names: (headers) => namesIn(headers.cookie).flatMap((name) => (name.startsWith(prefix) ? [name.slice(prefix.length)] : [])),
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

function namesIn(header: string | undefined): readonly string[] {
  return (header ?? "").split(separator).map((pair) => pair.split("=", 1)[0] ?? "");
}
