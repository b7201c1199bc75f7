import { expect, test } from "vitest";
import { parseGrowthOptions } from "./growth-options.ts";
import { populations } from "./population.ts";

test("without arguments the sizes are those that are promised", () => {
  const { small, middle, large } = populations(parseGrowthOptions([]).scale);
  expect(small).toMatchObject({ tenants: 1, clients: 1000, users: 1000, families: 1000 });
  expect(middle).toMatchObject({ ...small, name: "middle", tenants: 1000 });
  expect(large).toMatchObject({ tenants: 10_000, clients: 1_000_000, users: 1_000_000, families: 1_000_000 });
});

test("--scale makes the larger sizes smaller, but not smaller than the smallest", () => {
  const { middle, large } = populations(0.0001);
  expect([middle.tenants, large.tenants, large.clients]).toEqual([1, 1, 1000]);
});

test.each([
  [["--scale", "0"], "--scale"],
  [["--scale", "2"], "--scale"],
  [["--rounds", "0"], "--rounds"],
])("%j is refused with a text that names it", (args, text) => {
  expect(() => parseGrowthOptions(args)).toThrow(text);
});
