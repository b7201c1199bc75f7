import { auth } from "@signet/contracts";
import { describe, expect, test } from "vitest";
import { userFromJson, userToJson } from "./user-json.ts";

describe("userToJson", () => {
  test("shows claims and attributes as objects", () => {
    const user = auth.User.fromPartial({
      id: "0123456789abcdef0123456789abcdef",
      collection: "users",
      username: "alice",
      emailVerified: true,
      claims: '{"name":"Alice"}',
      roles: ["staff"],
      attributes: '{"desk":7}',
      createdAt: 1,
      updatedAt: 2,
    });
    expect(userToJson(user)).toStrictEqual({
      id: "0123456789abcdef0123456789abcdef",
      collection: "users",
      username: "alice",
      email: "",
      email_verified: true,
      claims: { name: "Alice" },
      roles: ["staff"],
      attributes: { desk: 7 },
      blocked: false,
      created_at: 1,
      updated_at: 2,
    });
  });
});

describe("userFromJson", () => {
  test("passes on what was sent, objects as JSON", () => {
    expect(userFromJson({ username: "alice", claims: { name: "Alice" }, roles: [], password: "a long password" })).toMatchObject({
      username: "alice",
      claims: '{"name":"Alice"}',
      roles: { names: [] },
      password: "a long password",
    });
  });

  test("leaves out what was not sent", () => {
    expect(Object.values(userFromJson({})).every((value) => value === undefined)).toBe(true);
  });

  test("ignores what nobody may set", () => {
    expect(userFromJson({ id: "x", created_at: 1, epoch: 9 })).toStrictEqual(userFromJson({}));
  });

  test.each([
    [{ username: { $ne: null } }, "username must be a text"],
    [{ roles: "admin" }, "roles must be a list"],
    [{ roles: [1] }, "roles[0] must be a text"],
    [{ claims: [] }, "claims must be an object"],
    [{ attributes: "x" }, "attributes must be an object"],
    [{ blocked: 1 }, "blocked must be true or false"],
    [{ password: null }, "password must be a text"],
  ])("names the member that is wrong: %j", (body, description) => {
    expect(() => userFromJson(body)).toThrow(description);
  });
});
