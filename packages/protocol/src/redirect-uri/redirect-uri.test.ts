import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ApplicationType } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { isLoopbackHost } from "./loopback.ts";
import { matchRedirectUri, parseRedirectUri, redirectTarget } from "./redirect-uri.ts";

function parsed(value: string, applicationType: ApplicationType = "web"): string | undefined {
  try {
    return parseRedirectUri(value, applicationType);
  } catch (error) {
    if (error instanceof OAuthError && error.code === "invalid_redirect_uri") return undefined;
    throw error;
  }
}

describe("parseRedirectUri", () => {
  test.each([
    "https://app.example/callback",
    "https://app.example",
    "https://app.example:8443/a/b?tenant=7&lang=en",
    "https://APP.example/callback",
    "https://app.example/a.b/..c/%20/callback;v=1",
    "https://xn--bcher-kva.example/cb",
    "http://localhost:5000/callback",
    "http://127.0.0.1/cb",
    "http://[::1]:8080/cb",
    "https://[2001:db8::1]/cb",
  ])("takes %s from a web application, as it is", (uri) => {
    expect(parsed(uri)).toBe(uri);
  });

  test.each([
    "http://localhost:8080",
    "com.example.app:/oauth2redirect",
    "com.example.app://callback/x",
    "https://app.example/cb",
  ])("takes %s from a native application", (uri) => {
    expect(parsed(uri, "native")).toBe(uri);
  });

  test.each([
    "http://localhost.evil.test/cb",
    "http://127.0.0.1@evil.test/cb",
    "http://localhost:80@evil.test/cb",
    "http://evil.test/cb",
    "http://127.0.0.1.evil.test/cb",
    "http://localhost./cb",
    "http://127.1/cb",
    "http://0x7f.0.0.1/cb",
    "http://2130706433/cb",
    "http://[0:0:0:0:0:0:0:1]/cb",
    "http://[::ffff:127.0.0.1]/cb",
    "http://loc%61lhost/cb",
  ])("R3: %s passes for no loopback address", (uri) => {
    expect([parsed(uri), parsed(uri, "native")]).toEqual([undefined, undefined]);
  });

  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "javascript://app.example/%0aalert(1)",
    "data:text/html,x",
    "vbscript:x",
    "file:///etc/passwd",
    "blob:https://app.example/1",
    "about:blank",
    "ws://app.example/cb",
    "ftp://app.example/cb",
    "myapp://callback",
  ])("R6: the scheme of %s is refused", (uri) => {
    expect([parsed(uri), parsed(uri, "native")]).toEqual([undefined, undefined]);
  });

  test("R6: a private-use scheme is for native applications only", () => {
    expect(parsed("com.example.app:/cb", "web")).toBeUndefined();
  });

  test.each([
    ["a fragment", "https://app.example/cb#x"],
    ["an empty fragment", "https://app.example/cb#"],
    ["user information", "https://user:password@app.example/cb"],
    ["an empty user", "https://@app.example/cb"],
    ["user information under a private-use scheme", "com.example.app://user@host/cb"],
    ["a wildcard host", "https://*.app.example/cb"],
    ["a wildcard path", "https://app.example/*"],
    ["a backslash", "https://app.example\\@evil.test/cb"],
    ["CRLF", "https://app.example/cb\r\nSet-Cookie:x"],
    ["encoded CRLF in the path", "https://app.example/%0d%0acb"],
    ["encoded CRLF in the query", "https://app.example/cb?x=%0D%0Ay"],
    ["encoded CRLF under a private-use scheme", "com.example.app:/cb%0d%0a"],
    ["an encoded NUL", "https://app.example/cb%00"],
    ["a bad percent encoding", "https://app.example/cb?x=%zz"],
    ["a space", "https://app.example/c b"],
    ["a leading space", " https://app.example/cb"],
    ["a quote", 'https://app.example/"cb'],
    ["what is not ASCII", "https://äpp.example/cb"],
    ["an encoded host", "https://%61pp.example/cb"],
    ["a host that would end a directive of the CSP", "https://app;sandbox/cb"],
    ["a host that would begin another CSP", "https://app,x/cb"],
    ["a host with an underscore", "https://my_app.example/cb"],
    ["no host", "https:///cb"],
    ["no slashes", "https:app.example/cb"],
    ["an empty port", "https://app.example:/cb"],
    ["a port out of range", "https://app.example:65536/cb"],
    ["no scheme", "//app.example/cb"],
    ["a path alone", "/cb"],
    ["nothing", ""],
    ["2,049 characters", `https://app.example/${"a".repeat(2049 - 20)}`],
  ])("R7: %s is refused at registration", (_what, uri) => {
    expect([parsed(uri), parsed(uri, "native")]).toEqual([undefined, undefined]);
  });

  test("R7: 2,048 characters are the most", () => {
    const uri = `https://app.example/${"a".repeat(2048 - 20)}`;
    expect(parsed(uri)).toBe(uri);
  });

  test.each(["/..;/cb", "/../cb", "/./cb", "/cb/..", "/%2e%2e/cb", "/%2E./cb", "/a%2fb", "/a%5Cb", "//cb", "/a//b"])(
    "R2: the path %s, which parsers disagree on, is refused at registration",
    (path) => {
      expect(parsed(`https://app.example${path}`)).toBeUndefined();
    },
  );

  test.each([
    "code=1",
    "state=1",
    "iss=1",
    "x=1&error=a",
    "%63ode=1",
    "x=1;code=2",
    "+code=1",
    "id_token=",
    "response=x",
    "code",
  ])("R5: the query %s, which could pass for an answer, is refused at registration", (query) => {
    expect([parsed(`https://app.example/cb?${query}`), parsed(`com.example.app:/cb?${query}`, "native")]).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("the error tells what to change and repeats nothing of what was sent", () => {
    expect(() => parseRedirectUri('https://app.example/"<script>', "web")).toThrow(
      new OAuthError(
        "invalid_redirect_uri",
        "a redirect URI has a character that is not allowed, such as a wildcard, a backslash or a space",
      ),
    );
  });

  test("whatever parses has the host that URL parsers find, matches itself, and stays where it is", () => {
    fc.assert(
      fc.property(uriLike, fc.constantFrom<ApplicationType>("web", "native"), (value, applicationType) => {
        const uri = parsed(value, applicationType);
        if (uri === undefined) return;
        const registered = parseRedirectUri(uri, applicationType);
        const url = new URL(uri);
        expect(uri).toBe(value);
        expect(matchRedirectUri(uri, [registered], applicationType)).toBe(uri);
        expect([url.username, url.password, url.hash]).toEqual(["", "", ""]);
        expect(redirectTarget(registered)).toMatch(/^(?:https?:\/\/[a-z0-9.-]+(?::\d+)?|[a-z][a-z0-9+.-]*:)$/);
        if (url.protocol !== "http:" && url.protocol !== "https:") return;
        const authority = uri.split(/[/?]/)[2] ?? "";
        expect(authority.toLowerCase().replace(/:\d+$/, "")).toBe(url.hostname);
        // The URL parser resolves dot segments and encodes what it must: nothing of the path was left for it to change.
        expect(url.pathname).toBe(uri.slice(uri.indexOf(authority) + authority.length).split("?", 1)[0] || "/");
        if (url.protocol === "http:") expect(isLoopbackHost(url.hostname)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("Q10: no text of 2,048 characters takes long", () => {
    const began = process.cpuUsage();
    for (const part of ["/.", "%2", "a:", "//", ".;", "&x=", "[", "http:"])
      parsed(`https://a.example/${part.repeat(900)}`.slice(0, 2048));
    expect(process.cpuUsage(began).user / 1000).toBeLessThan(50);
  });
});

/** Addresses put together of parts that are near the rules' edges, and any text. */
const uriLike = fc.oneof(
  fc.string({ unit: "grapheme" }),
  fc
    .tuple(
      fc.constantFrom("https:", "http:", "HTTPS:", "com.example.app:", "javascript:"),
      fc.constantFrom("//", "/", "", "///", "\\\\"),
      fc.constantFrom("", "u@", "u:p@", "@"),
      fc.constantFrom(
        "localhost",
        "127.0.0.1",
        "[::1]",
        "127.1",
        "a.example",
        "A.Example",
        "a.example.",
        "%61.example",
        "a_b.example",
        "0x7f.1",
      ),
      fc.constantFrom("", ":80", ":443", ":8080", ":", ":0", ":99999"),
      fc.array(fc.constantFrom("/", "a", ".", "..", ";", "%2e", "%41", "%", "~", "'", "[", "*", "\\", "//", "ä"), {
        maxLength: 6,
      }),
      fc.constantFrom("", "?", "?a=b", "?code=1", "?a=%0a", "?a=/../", "#", "#a"),
    )
    .map(([scheme, slashes, user, host, port, path, rest]) => `${scheme}${slashes}${user}${host}${port}${path.join("")}${rest}`),
);
