import { describe, expect, test } from "vitest";
import { applicationSources, contentSecurityPolicy, hashSource, uriSource } from "./content-security-policy.ts";

describe("contentSecurityPolicy", () => {
  test("B5: allows nothing but what is named", () => {
    expect(contentSecurityPolicy({ styles: ["'sha256-x'"] })).toBe(
      "default-src 'none'; style-src 'sha256-x'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
    );
  });

  test("names each source once", () => {
    const policy = contentSecurityPolicy({
      styles: ["'sha256-x'"],
      scripts: ["'sha256-y'"],
      images: ["https://a.example", "https://a.example"],
      formTargets: ["'self'", "https://b.example", "com.example.app:", "'self'"],
    });
    expect(policy.split("; ")).toEqual([
      "default-src 'none'",
      "style-src 'sha256-x'",
      "script-src 'sha256-y'",
      "img-src https://a.example",
      "form-action 'self' https://b.example com.example.app:",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]);
  });

  test.each([
    "",
    "https://a.example script-src",
    "https://a.example;script-src",
    "https://a.example,https://b.example",
    "https://a.example\r\nSet-Cookie:a=b",
    "https://a.example\t*",
    "https://a.example\u0000",
    "https://a.example\u007f",
    "https://a.example\u00a0*",
    "https://bücher.example",
  ])("refuses the source %j", (source) => {
    expect(() => contentSecurityPolicy({ styles: ["'sha256-x'"], formTargets: [source] })).toThrow(RangeError);
    expect(() => contentSecurityPolicy({ styles: ["'sha256-x'"], images: [source] })).toThrow(RangeError);
  });
});

describe("applicationSources", () => {
  test.each([
    ["https://app.example", ["https:", "http:"]],
    ["HTTP://localhost:5000/cb", ["https:", "http:"]],
    ["http:", ["https:", "http:"]],
    ["com.example.app:", ["com.example.app:"]],
    ["com.example.app:/cb?x=y", ["com.example.app:"]],
  ])("of %s are %j", (uri, sources) => {
    expect(applicationSources(uri)).toEqual(sources);
  });

  test.each(["javascript:alert(1)", "data:text/html,x", "/cb", ""])("B6: are refused for %j", (uri) => {
    expect(() => applicationSources(uri)).toThrow(RangeError);
  });
});

describe("uriSource", () => {
  test.each([
    ["https://app.example/cb?x=1", "https://app.example"],
    ["https://APP.example:8443/cb", "https://app.example:8443"],
    ["https://app.example:443/cb", "https://app.example"],
    ["http://localhost:8080/cb", "http://localhost:8080"],
    ["http://127.0.0.1:9/", "http://127.0.0.1:9"],
    ["https://bücher.example/", "https://xn--bcher-kva.example"],
    ["com.example.app:/oauth", "com.example.app:"],
    ["com.example.app://host/oauth", "com.example.app:"],
    ["http://[::1]:8080/cb", "http:"],
    ["https://a;script-src/cb", "https:"],
    ["https://a,b/cb", "https:"],
  ])("%s is covered by %s", (uri, source) => {
    expect(uriSource(uri)).toBe(source);
  });

  test.each([
    "javascript:alert(1)",
    "JavaScript:alert(1)",
    "data:text/html,x",
    "vbscript:x",
    "blob:https://a/b",
    "file:///x",
    "/cb",
    "",
  ])("B6: refuses %j", (uri) => {
    expect(() => uriSource(uri)).toThrow(RangeError);
  });
});

describe("hashSource", () => {
  test("is the hash that the specification gives for its own example (CSP3 section 8.4)", () => {
    expect(hashSource("alert('Hello, world.');")).toBe("'sha256-qznLcsROx4GACP2dm0UCKCzCG+HiZ1guq6ZZDob/Tng='");
  });
});
