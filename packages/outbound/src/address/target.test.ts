import fc from "fast-check";
import { expect, test } from "vitest";
import { OutboundError } from "../outbound-error.ts";
import { isPublicAddress } from "./public-address.ts";
import { parseTarget } from "./target.ts";

const none = new Set<string>();
const notAllowed = expect.objectContaining({ name: "OutboundError", failure: "not_allowed" });

test.each([
  "https://127.0.0.1/",
  "https://2130706433/",
  "https://0x7f000001/",
  "https://0177.0.0.1/",
  "https://0x7f.1/",
  "https://127.1/",
  "https://0/",
  "https://169.254.169.254/latest/meta-data",
  "https://10.0.0.1:8443/",
  "https://[::1]/",
  "https://[::ffff:127.0.0.1]/",
  "https://[::ffff:7f00:1]/",
  "https://[64:ff9b::a9fe:a9fe]/",
  "https://[fd00::1]/",
  "https://１２７.０.０.１/",
])("S1: a literal address is refused in whatever notation: %s", (address) => {
  expect(() => parseTarget(address, none)).toThrow(notAllowed);
});

test.each([
  "http://example.com/",
  "ftp://example.com/",
  "file:///etc/passwd",
  "javascript:alert(1)",
  "data:application/json,{}",
  "//example.com/",
  "keys.json",
  "",
  "https://",
  "https://user@example.com/",
  "https://user:word@example.com/",
  `https://example.com/${"x".repeat(2048)}`,
])("what is no https: URL without credentials is refused: %s", (address) => {
  expect(() => parseTarget(address, none)).toThrow(notAllowed);
});

test("a public host is a target over https:, at any port", () => {
  expect(parseTarget("https://keys.example:8443/jwks", none)).toMatchObject({ isAllowed: false });
  expect(parseTarget("https://1.1.1.1/", none)).toMatchObject({ isAllowed: false });
});

test("a host that the deployment names may be private and plain http:", () => {
  const allowed = new Set(["localhost", "10.0.0.1:8080", "[::1]", "internal.example:80"]);
  for (const address of [
    "http://localhost:1234/",
    "https://LOCALHOST/",
    "http://10.0.0.1:8080/",
    "http://[::1]:9/",
    "http://internal.example/",
  ]) {
    expect(parseTarget(address, allowed)).toMatchObject({ isAllowed: true });
  }
  for (const address of ["http://10.0.0.1/", "http://localhost.example/", "http://internal.example:81/", "https://[::2]/"]) {
    expect(() => parseTarget(address, allowed)).toThrow(notAllowed);
  }
});

test("whatever the text, it is a target over https: or an OutboundError, and no literal address in it is private", () => {
  const texts = fc.oneof(
    fc.string({ unit: "binary" }),
    fc.webUrl(),
    fc.ipV4().map((host) => `https://${host}/`),
    fc.ipV6().map((host) => `https://[${host}]/`),
    fc.nat(2 ** 32 - 1).map((host) => `https://${host}/`),
  );
  fc.assert(
    fc.property(texts, (text) => {
      try {
        const { url } = parseTarget(text, none);
        expect(url.protocol).toBe("https:");
        const host = url.hostname.replace(/[[\]]/g, "");
        if (/^[\d.]+$/.test(host) || host.includes(":")) expect(isPublicAddress(host)).toBe(true);
      } catch (error) {
        if (!(error instanceof OutboundError)) throw error;
      }
    }),
  );
});
