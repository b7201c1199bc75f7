/** What a browser without JavaScript does: it keeps cookies, follows redirects on Signet's own host, and submits the forms that it is shown. */
export interface UserAgent {
  /** Opens `url` and follows redirects until a page, or a redirect to another host: an application's, which nobody serves in these tests. */
  open(url: string): Promise<Visit>;
  /** Submits the one form of the page, its hidden fields included, and follows redirects likewise. */
  submit(page: Visit, fields: Readonly<Record<string, string>>): Promise<Visit>;
  /** One request as it is, with the cookies; nothing is followed. */
  request(url: string, init?: RequestInit): Promise<Response>;
  readonly cookies: Map<string, string>;
  /** Every `Set-Cookie` header that it got, in order. */
  readonly setCookies: readonly string[];
  /** Another browser with a copy of this one's cookies. */
  clone(): UserAgent;
}

export interface Visit {
  readonly url: string;
  readonly status: number;
  readonly headers: Headers;
  readonly html: string;
  /** Where the application is called back; undefined while still at Signet. */
  readonly callback: URL | undefined;
  /** The page's h1. */
  readonly heading: string;
}

/**
 * A browser that stays at `origin`. Where that is behind a proxy which the test does without, its requests go to `listenerUrl`, as they
 * would come from the proxy.
 */
export function userAgent(
  origin: string,
  known: ReadonlyMap<string, string> = new Map(),
  listenerUrl: string = origin,
): UserAgent {
  const cookies = new Map(known);
  const setCookies: string[] = [];

  async function request(url: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    if (cookies.size > 0) headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const target = url.startsWith(`${origin}/`) ? listenerUrl + url.slice(origin.length) : url;
    const response = await fetch(target, { ...init, headers, redirect: "manual" });
    const set = response.headers.getSetCookie();
    setCookies.push(...set);
    for (const cookie of set) keep(cookies, cookie);
    return response;
  }

  async function follow(url: string, init?: RequestInit): Promise<Visit> {
    let at = url;
    let response = await request(at, init);
    for (let hops = 0; hops < 10; hops++) {
      const location = response.headers.get("Location");
      if (location === null) return visit(at, response, await response.text(), undefined);
      const next = new URL(location, at);
      if (next.origin !== origin) return visit(at, response, await response.text(), next);
      await response.arrayBuffer();
      at = next.href;
      response = await request(at);
    }
    throw new Error(`too many redirects from ${url}`);
  }

  return {
    open: (url) => follow(url),
    submit(page, fields) {
      const action = /<form[^>]*\baction="([^"]*)"/.exec(page.html)?.[1];
      if (action === undefined) throw new Error(`there is no form on ${page.url}:\n${page.html}`);
      const body = new URLSearchParams({ ...hiddenFields(page.html), ...fields });
      return follow(new URL(unescaped(action), page.url).href, { method: "POST", body });
    },
    request,
    cookies,
    setCookies,
    clone: () => userAgent(origin, cookies, listenerUrl),
  };
}

function keep(cookies: Map<string, string>, header: string): void {
  const [pair = "", ...attributes] = header.split(/; */);
  const equals = pair.indexOf("=");
  const name = pair.slice(0, equals);
  if (attributes.some((attribute) => /^max-age=0$/i.test(attribute))) cookies.delete(name);
  else cookies.set(name, pair.slice(equals + 1));
}

function visit(url: string, response: Response, html: string, callback: URL | undefined): Visit {
  const heading = unescaped(/<h1[^>]*>([\s\S]*?)<\/h1>/.exec(html)?.[1] ?? "");
  return { url, status: response.status, headers: response.headers, html, callback, heading };
}

export function hiddenFields(html: string): Readonly<Record<string, string>> {
  const fields: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input[^>]*type="hidden"[^>]*>/g)) {
    const name = /\bname="([^"]*)"/.exec(input)?.[1];
    if (name !== undefined) fields[unescaped(name)] = unescaped(/\bvalue="([^"]*)"/.exec(input)?.[1] ?? "");
  }
  return fields;
}

const entities: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

function unescaped(text: string): string {
  return text.replace(/&(?:amp|lt|gt|quot|#39);/g, (entity) => entities[entity] ?? entity);
}
