import { expect, test } from "vitest";
import { startNameServer } from "../testing/name-server.ts";
import { publicAddresses } from "./public-addresses.ts";

const records = new Map([
  ["A both.test", [192, 0, 2, 1]],
  ["AAAA both.test", [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]],
  ["A old.test", [192, 0, 2, 2]],
]);

test("a name stands for all of its addresses, of either kind", async () => {
  const addresses = publicAddresses([await startNameServer(records)]);
  expect(await addresses("both.test")).toEqual([
    { address: "192.0.2.1", family: 4 },
    { address: "2001:db8::1", family: 6 },
  ]);
  expect(await addresses("old.test")).toEqual([{ address: "192.0.2.2", family: 4 }]);
});

test("a name without an address, and one that this machine alone knows, are errors", async () => {
  const addresses = publicAddresses([await startNameServer(records)]);
  for (const name of ["none.test", "localhost.test"]) await expect(addresses(name)).rejects.toMatchObject({ code: "ENODATA" });
});

test("X23: names whose servers keep silent hold up no other name, and are given up", async () => {
  const addresses = publicAddresses([await startNameServer(records)]);
  let given = 0;
  const hung = Array.from({ length: 50 }, (_, index) => addresses(`${index}.hung.test`).catch(() => given++));
  expect(await addresses("old.test")).toEqual([{ address: "192.0.2.2", family: 4 }]);
  expect(given).toBe(0);
  await Promise.all(hung);
  expect(given).toBe(50);
});
