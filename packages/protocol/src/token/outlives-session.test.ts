import { expect, test } from "vitest";
import { outlivesSession } from "./outlives-session.ts";

test.each([
  [["openid", "offline_access"], true],
  [["openid", "email"], false],
  [["offline_accesses"], false],
  [[], false],
])("what was granted with %j outlives the session: %s", (granted, outlives) => {
  expect(outlivesSession(granted)).toBe(outlives);
});
