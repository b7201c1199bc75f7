import { parseProxies } from "@signet/config";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { forwardedAddress, plainAddress } from "./forwarded-address.ts";
import { isInRanges } from "./ranges.ts";

const ranges = parseProxies("10.0.0.0/8, 192.0.2.7 2001:db8:ffff::/48");
if ("problem" in ranges) throw new Error(ranges.problem);
const isTrusted = isInRanges(ranges);
const proxy = "10.0.0.1";

const addressOf = (header: string | undefined) => forwardedAddress(header, proxy, isTrusted);

describe("the address of a caller behind trusted proxies", () => {
  test.each([
    ["the last that is no proxy's", "198.51.100.1, 203.0.113.9, 10.1.1.1", "203.0.113.9"],
    ["the only one", "203.0.113.9", "203.0.113.9"],
    ["one with a port", "203.0.113.9:50123", "203.0.113.9"],
    ["an IPv6 one", "2001:db8::9", "2001:db8::9"],
    ["an IPv6 one with a port", "[2001:db8::9]:50123", "2001:db8::9"],
    ["an IPv6 one behind an IPv6 proxy", "2001:db8::9,2001:db8:ffff::1", "2001:db8::9"],
    ["an IPv4 one that was written as IPv6", "::ffff:203.0.113.9", "203.0.113.9"],
    ["an IPv4 one that was written as IPv6 in hexadecimal", "::ffff:cb00:7109", "203.0.113.9"],
    ["the first, where all are proxies", "10.3.3.3, 192.0.2.7", "10.3.3.3"],
  ])("K4: is %s", (_, header, address) => {
    expect(addressOf(header)).toBe(address);
  });

  test("K4: has one spelling, so that nobody gets another bucket by writing zeros", () => {
    const spellings = ["2001:db8::9", "2001:DB8::9", "2001:0db8:0:0:0:0:0:0009", "[2001:db8:0::9]"];
    expect(spellings.map(addressOf)).toEqual(spellings.map(() => "2001:db8::9"));
  });

  test.each([
    "",
    "unknown",
    "_hidden",
    "203.0.113.9, nonsense",
    "203.0.113.256",
    "fe80::1%eth0",
    "203.0.113.9,",
    "1.2.3.4 , ,10.1.1.1",
  ])("K4: is the proxy's where the header ends in what is no address: %j", (header) => {
    expect(addressOf(header)).toBe(proxy);
  });

  test("K4: is the proxy's without the header", () => {
    expect(addressOf(undefined)).toBe(proxy);
  });

  test("K4: does not depend on what the caller wrote before it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.ipV4(), (written, address) => {
        fc.pre(!isTrusted(address));
        expect(addressOf(`${written}, ${address}`)).toBe(address);
        expect(addressOf(`${written}, ${address}, 10.9.9.9`)).toBe(address);
      }),
    );
  });

  test("Q10: is found at once in a header of any length", () => {
    const start = performance.now();
    addressOf(Array(4000).fill("10.1.1.1").join(","));
    addressOf(",".repeat(16_000));
    expect(performance.now() - start).toBeLessThan(50);
  });
});

test("an IPv4 address is never written as IPv6", () => {
  expect(["::ffff:127.0.0.1", "::1", "127.0.0.1", ""].map(plainAddress)).toEqual(["127.0.0.1", "::1", "127.0.0.1", ""]);
});
