import { expect, test } from "vitest";
import { type UntrustedProxyListener, untrustedProxyWarning } from "./untrusted-proxy.ts";

const forwarded = { headers: { "x-forwarded-for": "203.0.113.9" } };

/** What is logged of requests, each with the address that it came from. */
function warnings(requests: readonly Parameters<UntrustedProxyListener>[]): readonly unknown[] {
  const logged: unknown[] = [];
  const hear = untrustedProxyWarning({ warn: (line: object) => void logged.push(line) });
  for (const request of requests) hear(...request);
  return logged;
}

test.each(["127.0.0.1", "::1", "10.1.2.3", "172.18.0.1", "192.168.1.1", "100.64.0.1", "169.254.1.1", "fd00::1", "fe80::1"])(
  "a request that %s forwarded is worth a warning, once",
  (address) => {
    expect(warnings([[forwarded, address]])).toEqual([{ address }]);
    expect(warnings([[{ headers: { forwarded: "for=203.0.113.9" } }, address]])).toEqual([{ address }]);
    expect(warnings(Array(3).fill([forwarded, address]))).toHaveLength(1);
  },
);

test.each(["203.0.113.1", "172.32.0.1", "2001:db8::1", ""])(
  "what comes from elsewhere is a caller's own word, and none: %j",
  (address) => {
    expect(warnings([[forwarded, address]])).toEqual([]);
  },
);

test("a request that nobody forwarded is none", () => {
  expect(warnings([[{ headers: {} }, "127.0.0.1"]])).toEqual([]);
});
