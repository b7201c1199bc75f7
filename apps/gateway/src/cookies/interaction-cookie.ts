import { createHash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { CookieJar } from "./cookie.ts";

const prefix = "signet_interaction_";
const lifetimeSeconds = 60 * 60;
/** A browser that leaves sign-ins unfinished must not come to send more cookies than a server reads. */
const maximumAtOnce = 12;

/** One cookie per sign-in or consent in progress, so that parallel tabs do not disturb one another. */
export function readInteraction(jar: CookieJar, headers: IncomingHttpHeaders, id: string): string {
  return jar.read(headers, prefix + id) ?? "";
}

/** The new interaction's cookie; where the browser holds too many already, all of the others end. */
export function setInteraction(
  jar: CookieJar,
  headers: IncomingHttpHeaders,
  { id, secret }: { readonly id: string; readonly secret: string },
): string[] {
  const others = jar.names(headers).filter((name) => name.startsWith(prefix));
  const ended = others.length < maximumAtOnce ? [] : others.map((name) => jar.clear(name));
  return [...ended, jar.set(prefix + id, secret, lifetimeSeconds)];
}

export function clearInteraction(jar: CookieJar, id: string): string {
  return jar.clear(prefix + id);
}

/** What a form must carry to be one of ours: only who reads the HttpOnly cookie can derive it. */
export function csrfTokenOf(secret: string): string {
  return createHash("sha256").update("signet csrf\0").update(secret).digest("base64url");
}

/** In constant time. */
export function isCsrfTokenOf(secret: string, token: string): boolean {
  const expected = Buffer.from(csrfTokenOf(secret));
  const given = Buffer.from(token);
  return secret !== "" && expected.length === given.length && timingSafeEqual(expected, given);
}
