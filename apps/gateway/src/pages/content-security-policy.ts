import { createHash } from "node:crypto";

/** What a host may consist of in a CSP source (CSP3 section 2.3.1, `host-char`): no IPv6 literals, and none of the `;` and `,` that the URL Standard lets through. */
const expressibleHost = /^[a-z0-9._-]+$/;
const safeSource = /^[\x21-\x2b\x2d-\x3a\x3c-\x7e]+$/;
const webScheme = /^https?:/i;
const unsafeSchemes: ReadonlySet<string> = new Set(["javascript:", "data:", "vbscript:", "blob:", "about:", "file:"]);

export interface PolicySources {
  /** Hash sources of the page's inline styles. */
  readonly styles: readonly string[];
  readonly scripts?: readonly string[];
  readonly images?: readonly string[];
  /** Where the page's forms may lead. */
  readonly formTargets?: readonly string[];
  /** What the page shows in frames. */
  readonly frames?: readonly string[];
}

/** The CSP source that allows exactly this inline style or script (CSP3 section 2.3.1, `hash-source`). */
export function hashSource(text: string): string {
  return `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
}

/**
 * The narrowest CSP source that covers `uri`: its origin, or its scheme where CSP has no notation for the origin (custom schemes, IPv6 hosts).
 * Throws RangeError where a form or an image must never lead: `javascript:` and the like.
 */
export function uriSource(uri: string): string {
  const parsed = URL.parse(uri);
  if (parsed === null || unsafeSchemes.has(parsed.protocol)) throw new RangeError("not a URI that a page may lead to");
  const isWeb = parsed.protocol === "https:" || parsed.protocol === "http:";
  return isWeb && expressibleHost.test(parsed.hostname) ? parsed.origin : parsed.protocol;
}

/**
 * Where a form may lead whose answer goes to the application at `uri`: the sources for `form-action`. Browsers hold it against every redirect
 * that follows the form, and the application may send its user on to other sites from its callback. So all of the web is allowed, or the one
 * scheme of an application on the device. Throws RangeError where no form may lead.
 */
export function applicationSources(uri: string): readonly string[] {
  return webScheme.test(uri) ? ["https:", "http:"] : [uriSource(uri)];
}

/** The policy of a page: nothing is allowed but what is named here. Throws RangeError for a source that would break out of its directive. */
export function contentSecurityPolicy({
  styles,
  scripts = [],
  images = [],
  formTargets = [],
  frames = [],
}: PolicySources): string {
  return [
    "default-src 'none'",
    directive("style-src", styles),
    directive("script-src", scripts),
    directive("img-src", images),
    directive("frame-src", frames),
    directive("form-action", formTargets) || "form-action 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ]
    .filter((text) => text !== "")
    .join("; ");
}

function directive(name: string, sources: readonly string[]): string {
  if (sources.length === 0) return "";
  for (const source of sources) {
    if (!safeSource.test(source)) throw new RangeError(`not a source for ${name}: ${JSON.stringify(source)}`);
  }
  return `${name} ${[...new Set(sources)].join(" ")}`;
}
