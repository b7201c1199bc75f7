import { expect, test } from "vitest";
import { repliedScope } from "./replied-scope.ts";

test.each([
  { granted: ["openid"], requested: ["openid"], reply: undefined },
  { granted: ["openid", "email"], requested: ["email", "openid"], reply: undefined },
  { granted: ["openid"], requested: ["openid", "email"], reply: "openid" },
  { granted: ["reports", "badge"], requested: undefined, reply: "reports badge" },
  { granted: [], requested: undefined, reply: undefined },
])("granted $granted where $requested was asked for: the reply's scope is $reply", ({ granted, requested, reply }) => {
  expect(repliedScope(granted, requested)).toBe(reply);
});
