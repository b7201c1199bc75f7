import { expect, test } from "vitest";
import { narrowedScopes } from "./refresh-scope.ts";

const granted = ["openid", "email", "offline_access"];

test("a refresh may ask for fewer scopes than were granted", () => {
  expect(narrowedScopes(["email", "openid"], granted)).toEqual(["email", "openid"]);
});

test("F5: a refresh that asks for a scope that was not granted is invalid_scope", () => {
  expect(() => narrowedScopes(["openid", "profile"], granted)).toThrow(
    expect.objectContaining({ name: "OAuthError", code: "invalid_scope" }),
  );
});
