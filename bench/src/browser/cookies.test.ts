import { expect, test } from "vitest";
import { Cookies } from "./cookies.ts";

test("cookies are kept, replaced and removed as the server says", () => {
  const cookies = new Cookies();
  cookies.take("session=one=1; Path=/; HttpOnly");
  cookies.take("interaction=two; Path=/; Max-Age=3600");
  cookies.take("session=three; Path=/; expires=Fri, 31 Dec 9999 23:59:59 GMT");
  expect(String(cookies)).toBe("session=three; interaction=two");
  cookies.take("interaction=; Path=/; Max-Age=0");
  cookies.take("session=; expires=Thu, 01 Jan 1970 00:00:00 GMT");
  expect(String(cookies)).toBe("");
});
