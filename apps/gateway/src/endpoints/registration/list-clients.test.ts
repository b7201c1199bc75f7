import { expect, test } from "vitest";
import { linkToNext } from "./list-clients.ts";

const address = "https://signet.example/v1/oidc/acme/registration";

test("the link to the rest of a list carries the cursor and the limit that was sent", () => {
  const list = { clients: [], nextCursor: "a&b" };
  expect(linkToNext(address, list, new Map([["limit", "2"]]))).toBe(`<${address}?limit=2&cursor=a%26b>; rel="next"`);
  expect(linkToNext(address, list, new Map())).toBe(`<${address}?cursor=a%26b>; rel="next"`);
});

test("there is no link at the end of a list", () => {
  expect(linkToNext(address, { clients: [], nextCursor: "" }, new Map())).toBeUndefined();
});
