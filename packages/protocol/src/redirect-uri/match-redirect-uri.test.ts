import { describe, expect, test } from "vitest";
import type { ApplicationType } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { matchRedirectUri, parseRedirectUri, redirectTarget } from "./redirect-uri.ts";

function _parsed(value: string, applicationType: ApplicationType = "web"): string | undefined {
  try {
    return parseRedirectUri(value, applicationType);
  } catch (error) {
    if (error instanceof OAuthError && error.code === "invalid_redirect_uri") return undefined;
    throw error;
  }
}

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
