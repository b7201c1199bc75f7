import { isIPv6, SocketAddress } from "node:net";
import fc from "fast-check";
import { expect, test } from "vitest";
import { networkOf } from "./network.ts";

test.each([
  ["192.0.2.1", "192.0.2.1"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:DB8:1:2::1", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["::", "0:0:0:0::/64"],
  ["fe80::1%eth0", "fe80:0:0:0::/64"],
])("K4: %s counts as %s", (address, network) => {
  expect(networkOf(address)).toBe(network);
});

test.each(["::ffff:192.0.2.1", "::FFFF:c000:201", "0:0:0:0:0:ffff:192.0.2.1"])("K4: %s is the IPv4 address in it", (address) => {
  expect(networkOf(address)).toBe("192.0.2.1");
});

test.each(["", ":", ":::", "1::2::3", "1:2:3", "1:2:3:4:5:6:7:8:9", "g::1", "::ffff:1.2.3.999", "12345::"])(
  "%j is no address, and counts as itself",
  (text) => {
    expect(networkOf(text)).toBe(text);
  },
);

const group = fc.integer({ min: 0, max: 0xffff });
const groups = (length: number) => fc.array(group, { minLength: length, maxLength: length });

test("K4: all addresses of a network of 64 bits count as one, however they are written", () => {
  fc.assert(
    fc.property(groups(4), groups(4), groups(4), (network, one, other) => {
      fc.pre(network.some((part) => part !== 0));
      const long = [...network, ...one].map((part) => part.toString(16).padStart(4, "0")).join(":");
      const plain = new SocketAddress({
        address: [...network, ...other].map((part) => part.toString(16)).join(":"),
        family: "ipv6",
      }).address;
      expect(networkOf(long)).toBe(networkOf(plain));
    }),
  );
});

test("K4: addresses of two networks count as two, and any text comes to an end", () => {
  fc.assert(
    fc.property(groups(8), groups(8), (one, other) => {
      fc.pre(one.slice(0, 4).join() !== other.slice(0, 4).join());
      const [left, right] = [one, other].map((parts) => parts.map((part) => part.toString(16)).join(":"));
      expect(networkOf(left ?? "")).not.toBe(networkOf(right ?? ""));
    }),
  );
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(..."0123456789abcdefg:.%") }), (text) => {
      const network = networkOf(text);
      expect(network === text || isIPv6(text.split("%", 1)[0] ?? "")).toBe(true);
    }),
  );
});
