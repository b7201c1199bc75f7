import { expect, test } from "vitest";
import { testAdapters } from "./contract/adapters.ts";
import { mapAdapters } from "./map-adapter.ts";

testAdapters(mapAdapters);

test("what has expired is not found", async () => {
  const codes = mapAdapters()("AuthorizationCode");
  await codes.upsert("dead", { grantId: "g" }, 0);
  expect(await codes.find("dead")).toBeUndefined();
});
