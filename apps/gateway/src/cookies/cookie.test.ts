import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cookieJar } from "./cookie.ts";

const overHttp = cookieJar("http://localhost:4000");
const overHttps = cookieJar("https://id.example");

describe("a cookie", () => {
  test("B4: over https is __Host-, Secure, HttpOnly and SameSite=Lax, for the whole host and no other", () => {
    expect(overHttps.set("a", "b", 10)).toBe("__Host-a=b; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=10");
    expect(overHttps.clear("a")).toBe("__Host-a=; Path=/; HttpOnly; SameSite=Lax; Secure; Max-Age=0");
  });

  test("B4: over http, on this machine, has neither prefix nor Secure, which a browser would refuse there", () => {
    expect(overHttp.set("a", "b")).toBe("a=b; Path=/; HttpOnly; SameSite=Lax");
  });

  test("B4: without the prefix is none of a deployment that has it: a neighbour's host can set such a one", () => {
    expect(overHttps.read({ cookie: "a=planted; __Host-a=ours" }, "a")).toBe("ours");
    expect(overHttps.read({ cookie: "a=planted" }, "a")).toBeUndefined();
    expect(overHttps.readAll({ cookie: "a1=planted; __Host-a1=ours" }, "a")).toEqual([{ name: "a1", value: "ours" }]);
  });

  test("is read by its whole name", () => {
    expect(overHttp.read({ cookie: "aa=1; a=2; a_=3" }, "a")).toBe("2");
    expect(overHttp.read({ cookie: "aa=1" }, "a")).toBeUndefined();
    expect(overHttp.read({ cookie: "a" }, "a")).toBeUndefined();
    expect(overHttp.read({}, "a")).toBeUndefined();
  });

  test("is read back whatever others are sent with it, as long as none of them has its name", () => {
    const other = fc
      .string({ unit: "binary-ascii" })
      .filter((text) => !/(?:^|; *)__Host-name=/.test(text) && !text.includes(";"));
    const value = fc.stringMatching(/^[A-Za-z0-9._-]{1,40}$/);
    fc.assert(
      fc.property(fc.array(other), value, fc.array(other), (before, ours, after) => {
        const cookie = [...before, `__Host-name=${ours}`, ...after].join("; ");
        expect(overHttps.read({ cookie }, "name")).toBe(ours);
        expect(overHttps.readAll({ cookie }, "name").map((found) => found.value)).toContain(ours);
      }),
      // A separator takes all spaces after it, and so those that another cookie begins with.
      { examples: [[["  "], "a", ["=", "__Host-nam=x", "name=y"]]] },
    );
  });
});
