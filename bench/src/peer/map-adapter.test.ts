import { expect, test } from "vitest";
import { mapAdapters } from "./map-adapter.ts";

test("what was stored is found until it has expired", async () => {
  const codes = mapAdapters()("AuthorizationCode");
  await codes.upsert("live", { grantId: "g" }, 60);
  await codes.upsert("dead", { grantId: "g" }, 0);
  expect(await codes.find("live")).toEqual({ grantId: "g" });
  expect(await codes.find("dead")).toBeUndefined();
});

test("consumption is remembered", async () => {
  const codes = mapAdapters()("AuthorizationCode");
  await codes.upsert("one", { grantId: "g" }, 60);
  await codes.consume("one");
  expect(await codes.find("one")).toMatchObject({ consumed: expect.any(Number) });
});

test("a grant takes all of its tokens with it, and no other's", async () => {
  const adapterOf = mapAdapters();
  await adapterOf("AuthorizationCode").upsert("code", { grantId: "one" }, 60);
  await adapterOf("RefreshToken").upsert("token", { grantId: "one" }, 60);
  await adapterOf("RefreshToken").upsert("other", { grantId: "two" }, 60);
  await adapterOf("RefreshToken").revokeByGrantId("one");
  expect(await adapterOf("AuthorizationCode").find("code")).toBeUndefined();
  expect(await adapterOf("RefreshToken").find("token")).toBeUndefined();
  expect(await adapterOf("RefreshToken").find("other")).toBeDefined();
});

test("a session is found by its uid, until it is destroyed", async () => {
  const sessions = mapAdapters()("Session");
  await sessions.upsert("id", { uid: "u" }, 60);
  expect(await sessions.findByUid("u")).toEqual({ uid: "u" });
  await sessions.destroy("id");
  expect(await sessions.findByUid("u")).toBeUndefined();
});
