import { expect, test } from "vitest";
import { expectMembers, parseJsonReply } from "./json-reply.ts";

function reply(body: string, { status = 200, type = "application/json; charset=utf-8" } = {}) {
  return { status, head: `HTTP/1.1 ${status} X\r\nContent-Type: ${type}`, body };
}

test.each(["application/json", "application/json;charset=UTF-8", "application/jwk-set+json; charset=utf-8"])(
  "%s is JSON",
  (type) => {
    expect(parseJsonReply(reply('{"active":true}', { type })).get("active")).toBe(true);
  },
);

test.each([
  ["another status", reply('{"active":true}', { status: 401 }), "401"],
  ["a page", reply("{}", { type: "text/html" }), "text/html"],
  ["a signed reply", reply("{}", { type: "application/jwt" }), "application/jwt"],
  ["an array", reply("[]"), "no JSON object"],
])("%s is refused", (_what, given, text) => {
  expect(() => parseJsonReply(given)).toThrow(text);
});

test("a member that is missing or another one is named", () => {
  const members = parseJsonReply(reply('{"sub":"alice"}'));
  expect(() => expectMembers(members, { sub: "alice" })).not.toThrow();
  expect(() => expectMembers(members, { sub: "bob" })).toThrow('sub is "alice", not "bob"');
  expect(() => expectMembers(members, { active: true })).toThrow("active is undefined, not true");
});
