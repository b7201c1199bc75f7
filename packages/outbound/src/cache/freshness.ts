import type { IncomingHttpHeaders } from "node:http";

/** For how long a document is fresh: within these bounds, whatever its reply says. */
export interface FreshnessBounds {
  readonly minimumMilliseconds: number;
  readonly maximumMilliseconds: number;
  /** Where the reply says nothing. */
  readonly otherwiseMilliseconds: number;
}

/**
 * How long a reply that came at `now` is fresh, in milliseconds: RFC 9111 section 4.2.1 for a private cache, less what `Age` says that it has spent
 * elsewhere (section 4.2.3). `no-store` and `no-cache` ask for the minimum, which keeps a burst of requests from becoming a burst of fetches.
 */
export function freshMilliseconds(headers: IncomingHttpHeaders, now: number, bounds: FreshnessBounds): number {
  const age = wholeSeconds(headers.age) ?? 0;
  const lifetime = lifetimeOf(headers, now) ?? bounds.otherwiseMilliseconds;
  return Math.min(bounds.maximumMilliseconds, Math.max(bounds.minimumMilliseconds, lifetime - age * 1000));
}

function lifetimeOf(headers: IncomingHttpHeaders, now: number): number | undefined {
  const directives = new Map((headers["cache-control"] ?? "").split(",").map(directive));
  if (directives.has("no-store") || directives.has("no-cache")) return 0;
  const maxAge = directives.get("max-age");
  if (maxAge !== undefined) return (wholeSeconds(maxAge) ?? 0) * 1000;
  if (headers.expires === undefined) return undefined;
  // A date that cannot be read means that it has passed (RFC 9111 section 5.3).
  const expires = Date.parse(headers.expires);
  if (Number.isNaN(expires)) return 0;
  const sent = Date.parse(headers.date ?? "");
  return Math.max(0, expires - (Number.isNaN(sent) ? now : sent));
}

function directive(text: string): [name: string, value: string] {
  const [name = "", value = ""] = text.split("=", 2);
  return [name.trim().toLowerCase(), value.trim().replace(/^"(.*)"$/, "$1")];
}

function wholeSeconds(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,10}$/.test(text.trim()) ? Number(text) : undefined;
}
