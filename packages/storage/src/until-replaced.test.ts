import { expect, test } from "vitest";
import { untilReplaced } from "./until-replaced.ts";

test("an attempt is made again until nobody was quicker", async () => {
  const outcomes = [undefined, undefined, "done"];
  expect(await untilReplaced(async () => outcomes.shift())).toBe("done");
});

test("attempts come to an end", async () => {
  let attempts = 0;
  const attempting = untilReplaced(async () => {
    attempts++;
    return undefined;
  });
  await expect(attempting).rejects.toMatchObject({ name: "ResourceError", kind: "unavailable" });
  expect(attempts).toBe(16);
});
