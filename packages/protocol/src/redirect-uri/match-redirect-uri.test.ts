import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { matchRedirectUri, parseRedirectUri, redirectTarget } from "./redirect-uri.ts";

describe("matchRedirectUri", () => {
  const registered = [
    parseRedirectUri("https://app.example/callback", "web"),
    parseRedirectUri("https://a.b.example/cb?x=1", "web"),
    parseRedirectUri("http://127.0.0.1:8000/cb", "web"),
  ];
  const native = [
    parseRedirectUri("http://127.0.0.1:8000/cb", "native"),
    parseRedirectUri("http://[::1]/cb?x=1", "native"),
    parseRedirectUri("http://localhost:8080", "native"),
    parseRedirectUri("com.example.app:/cb", "native"),
  ];

  test("R1: only what is registered matches", () => {
    expect(matchRedirectUri("https://app.example/callback", registered, "web")).toBe("https://app.example/callback");
    expect(matchRedirectUri("https://evil.example/callback", registered, "web")).toBeUndefined();
    expect(matchRedirectUri("https://app.example/callback", [], "web")).toBeUndefined();
  });

  test.each([
    "https://app.example/callback/..;/x",
    "https://app.example/%2e%2e/callback",
    "https://app.example//callback",
    "https://app.example/Callback",
    "https://APP.example/callback",
    "HTTPS://app.example/callback",
    "https://app.example/callback/",
    "https://app.example/callback?",
    "https://app.example/callback#",
    "https://app.example:443/callback",
    "https://app.example/callback ",
  ])("R2: %s is another address", (sent) => {
    expect(matchRedirectUri(sent, registered, "web")).toBeUndefined();
  });

  test("R2: whatever is done to a registered address, what comes of it is another one", () => {
    fc.assert(
      fc.property(fc.constantFrom<string>(...registered), anEdit, (uri, edit) => {
        const sent = edited(uri, edit);
        expect(matchRedirectUri(sent, registered, "web")).toBe(registered.find((one) => one === sent));
      }),
      // Found, or feared: an edit that changes nothing, and one that makes one registered address of another.
      { examples: [["https://app.example/callback", { at: 0, removed: 0, inserted: "" }]] },
    );
  });

  test("R8: whatever is done to a native application's address, it stays on this machine and at its path", () => {
    fc.assert(
      fc.property(fc.constantFrom<string>(...native), anEdit, (uri, edit) => {
        const sent = edited(uri, edit);
        const matched = matchRedirectUri(sent, native, "native");
        if (matched === undefined || native.some((one) => one === sent)) return;
        const [found, registeredOne] = [new URL(matched), native.map((one) => new URL(one))];
        const isSame = (one: URL) =>
          one.hostname === found.hostname && one.pathname + one.search === found.pathname + found.search;
        expect([matched, found.protocol, registeredOne.some(isSame)]).toEqual([sent, "http:", true]);
        expect([found.username, found.password, found.hash]).toEqual(["", "", ""]);
      }),
    );
  });

  test("R4: a period stands for itself", () => {
    expect(matchRedirectUri("https://aXb.example/cb?x=1", registered, "web")).toBeUndefined();
  });

  test.each([
    "https://app.example/callback?code=1",
    "https://app.example/callback?state=1&iss=x",
    "https://app.example/callback#code=1",
  ])("R5: %s, with members of an answer, is another address", (sent) => {
    expect(matchRedirectUri(sent, registered, "web")).toBeUndefined();
  });

  test.each([
    "http://127.0.0.1:51004/cb",
    "http://127.0.0.1/cb",
    "http://[::1]:9/cb?x=1",
    "http://localhost:1234",
    "com.example.app:/cb",
  ])("R8: %s is a native application's, whatever the port", (sent) => {
    expect(matchRedirectUri(sent, native, "native")).toBe(sent);
  });

  test.each([
    ["another host", "http://localhost:8000/cb"],
    ["another loopback host", "http://127.0.0.2:8000/cb"],
    ["another path", "http://127.0.0.1:8000/cb2"],
    ["a trailing slash", "http://localhost:1234/"],
    ["another query", "http://[::1]:9/cb?x=2"],
    ["https", "https://127.0.0.1:8000/cb"],
    ["a port out of range", "http://127.0.0.1:65536/cb"],
    ["no digits in the port", "http://127.0.0.1:80x/cb"],
    ["user information in the port's place", "http://127.0.0.1:80@evil.test/cb"],
    ["a longer host", "http://127.0.0.1.evil.test:80/cb"],
    ["a fragment", "http://127.0.0.1:1/cb#x"],
    ["a line break", "http://127.0.0.1:1/cb\n"],
    ["another private-use path", "com.example.app:/cb2"],
  ])("R8: with %s it is not", (_what, sent) => {
    expect(matchRedirectUri(sent, native, "native")).toBeUndefined();
  });

  test("R8: a web application's port is fixed", () => {
    expect(matchRedirectUri("http://127.0.0.1:8001/cb", registered, "web")).toBeUndefined();
  });
});

describe("redirectTarget", () => {
  test.each([
    ["https://app.example:8443/cb", "https://app.example:8443"],
    ["https://APP.example:443/cb", "https://app.example"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://[::1]:8080/cb", "http:"],
    ["com.example.app:/cb", "com.example.app:"],
  ])("%s is allowed for by %s", (uri, source) => {
    expect(redirectTarget(parseRedirectUri(uri, "native"))).toBe(source);
  });
});

interface Edit {
  readonly at: number;
  readonly removed: number;
  readonly inserted: string;
}

/** A change at one place, of what addresses are made of or of anything. */
const anEdit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(40),
  removed: fc.nat(8),
  inserted: fc.oneof(
    fc.constantFrom(
      "",
      "/",
      "//",
      ".",
      "..",
      "/..;",
      "%2e",
      "%2f",
      "@",
      ":",
      ":1",
      ":65535",
      ":65536",
      "?",
      "#",
      "\\",
      "*",
      " ",
      "A",
    ),
    fc.string({ unit: "grapheme", maxLength: 4 }),
  ),
});

function edited(uri: string, { at, removed, inserted }: Edit): string {
  return uri.slice(0, at) + inserted + uri.slice(at + removed);
}
