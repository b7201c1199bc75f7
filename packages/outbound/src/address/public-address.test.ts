import fc from "fast-check";
import { expect, test } from "vitest";
import { isPublicAddress } from "./public-address.ts";

test.each([
  "1.1.1.1",
  "8.8.8.8",
  "93.184.216.34",
  "100.63.255.255",
  "100.128.0.0",
  "172.15.255.255",
  "172.32.0.0",
  "223.255.255.255",
])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each(["2606:4700:4700::1111", "2a00:1450:4001:81b::200e", "2003::1"])("%s is public", (address) => {
  expect(isPublicAddress(address)).toBe(true);
});

test.each([
  "0.0.0.0",
  "0.1.2.3",
  "10.0.0.1",
  "100.64.0.1",
  "100.127.255.255",
  "127.0.0.1",
  "127.255.255.254",
  "169.254.169.254",
  "172.16.0.1",
  "172.31.255.255",
  "192.0.0.8",
  "192.0.2.1",
  "192.168.1.1",
  "198.18.0.1",
  "198.19.255.255",
  "198.51.100.7",
  "203.0.113.9",
  "224.0.0.1",
  "239.255.255.250",
  "240.0.0.1",
  "255.255.255.255",
])("S1: %s is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each([
  "::",
  "::1",
  "::ffff:8.8.8.8",
  "::ffff:127.0.0.1",
  "::ffff:7f00:1",
  "::127.0.0.1",
  "64:ff9b::7f00:1",
  "64:ff9b::808:808",
  "64:ff9b:1::1",
  "100::1",
  "2001::1",
  "2001:0:4136:e378:8000:63bf:3fff:fdd2",
  "2001:2::1",
  "2001:10::1",
  "2001:db8::1",
  "2002:7f00:1::1",
  "2002:808:808::1",
  "3fff::1",
  "5f00::1",
  "fc00::1",
  "fd12:3456:789a::1",
  "fe80::1",
  "fe80::1%lo",
  "fec0::1",
  "ff02::1",
])("S1: %s is not public", (address) => {
  expect(isPublicAddress(address)).toBe(false);
});

test.each(["", "localhost", "1.2.3", "1.2.3.4.5", "0x7f.1", "2130706433", "[::1]", "1.1.1.1 ", "999.1.1.1"])(
  "%j is no address, and so not public",
  (text) => {
    expect(isPublicAddress(text)).toBe(false);
  },
);

test("S1: no IPv4 address is public in the clothes of an IPv6 address", () => {
  const hex = (high: number, low: number) => ((high << 8) | low).toString(16);
  fc.assert(
    fc.property(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(255), fc.nat(255)), ([a, b, c, d]) => {
      const [high, low] = [hex(a, b), hex(c, d)];
      const embedded = [`::ffff:${high}:${low}`, `64:ff9b::${high}:${low}`, `2002:${high}:${low}::1`, `::${high}:${low}`];
      expect(embedded.filter(isPublicAddress)).toEqual([]);
    }),
  );
});
