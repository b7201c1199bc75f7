import type { Adapter } from "oidc-provider";
import { expect, test } from "vitest";

/** What the package expects of an adapter, as far as the bench's flows go: for each of them the same tests. */
export function testAdapters(open: () => (model: string) => Adapter): void {
  test("what was stored is found, under its own model", async () => {
    const adapterOf = open();
    await adapterOf("AccessToken").upsert("same", { grantId: "g" }, 60);
    expect(await adapterOf("AccessToken").find("same")).toEqual({ grantId: "g" });
    expect(await adapterOf("AuthorizationCode").find("same")).toBeUndefined();
  });

  test("what has no end stays", async () => {
    const clients = open()("Client");
    await clients.upsert("one", { uid: "u" });
    expect(await clients.find("one")).toEqual({ uid: "u" });
  });

  test("consumption is remembered", async () => {
    const codes = open()("AuthorizationCode");
    await codes.upsert("one", { grantId: "g" }, 60);
    await codes.consume("one");
    expect(await codes.find("one")).toEqual({ grantId: "g", consumed: expect.any(Number) });
  });

  test("what is not there cannot be consumed", async () => {
    const codes = open()("AuthorizationCode");
    await codes.consume("none");
    expect(await codes.find("none")).toBeUndefined();
  });

  test("a grant takes all of its tokens with it, and no other's", async () => {
    const adapterOf = open();
    await adapterOf("AuthorizationCode").upsert("code", { grantId: "one" }, 60);
    await adapterOf("RefreshToken").upsert("token", { grantId: "one" }, 600);
    await adapterOf("RefreshToken").upsert("other", { grantId: "two" }, 60);
    await adapterOf("RefreshToken").revokeByGrantId("one");
    expect(await adapterOf("AuthorizationCode").find("code")).toBeUndefined();
    expect(await adapterOf("RefreshToken").find("token")).toBeUndefined();
    expect(await adapterOf("RefreshToken").find("other")).toBeDefined();
  });

  test("a session is found by its uid, until it is destroyed", async () => {
    const sessions = open()("Session");
    await sessions.upsert("id", { uid: "u" }, 60);
    expect(await sessions.findByUid("u")).toEqual({ uid: "u" });
    await sessions.destroy("id");
    expect(await sessions.findByUid("u")).toBeUndefined();
  });
}
