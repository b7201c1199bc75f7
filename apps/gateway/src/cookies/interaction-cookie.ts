import { createHash, randomInt, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import type { CookieJar, SentCookie } from "./cookie.ts";

const prefix = "signet_interaction_";
const lifetimeSeconds = 60 * 60;
/** A browser that leaves sign-ins unfinished must not come to send more cookies than a server reads. */
const maximumAtOnce = 12;
/** How many names there are for cookies that answer a POST: more than a browser may hold at once. */
const postedNames = 16;

interface Held extends SentCookie {
  readonly id: string;
  readonly secret: string;
}

/** One cookie per sign-in or consent in progress, so that parallel tabs do not disturb one another. */
export function readInteraction(jar: CookieJar, headers: IncomingHttpHeaders, id: string): string {
  return heldBy(jar, headers).find((held) => held.id === id)?.secret ?? "";
}

/**
 * The new interaction's cookie; where the browser holds too many already, all of the others end. What another site posts comes without the cookies
 * that the browser holds (SameSite=Lax), so that nobody can count them: what answers a POST has one of a few names. A site could otherwise have a
 * browser hold so many that it loses its session's, and that a server refuses its requests.
 */
export function setInteraction(
  jar: CookieJar,
  { method, headers }: { readonly method: string; readonly headers: IncomingHttpHeaders },
  { id, secret }: { readonly id: string; readonly secret: string },
): string[] {
  const others = heldBy(jar, headers).map(({ name }) => name);
  const isTooMany = others.length >= maximumAtOnce;
  const name = method === "POST" ? nameForPosted(isTooMany ? [] : others) : prefix + id;
  // A browser takes the last value of a name.
  return [...(isTooMany ? others.map((other) => jar.clear(other)) : []), jar.set(name, `${id}.${secret}`, lifetimeSeconds)];
}

/** Removes the cookie of an interaction that has ended. */
export function clearInteraction(jar: CookieJar, headers: IncomingHttpHeaders, id: string): string[] {
  return heldBy(jar, headers).flatMap((held) => (held.id === id ? [jar.clear(held.name)] : []));
}

function heldBy(jar: CookieJar, headers: IncomingHttpHeaders): readonly Held[] {
  return jar.readAll(headers, prefix).map(({ name, value }) => {
    const [id = "", secret = ""] = value.split(".", 2);
    return { name, value, id, secret };
  });
}

/** At random, so that two tabs that are posted to at once most likely get two names. There are more names than `taken` can have. */
function nameForPosted(taken: readonly string[]): string {
  let number = randomInt(postedNames);
  while (taken.includes(prefix + number)) number = (number + 1) % postedNames;
  return prefix + number;
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
