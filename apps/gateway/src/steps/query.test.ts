import type { Parameters } from "@signet/protocol";
import { expect, test } from "vitest";
import { HttpError } from "../http/http-error.ts";
import { parseQuery } from "./query.ts";

const parsed = (queryString: string): Parameters => parseQuery(queryString, ["client_id"]);

test("the parameters are there by name", () => {
  expect(parsed("client_id=a%20b&limit=2")).toStrictEqual(
    new Map([
      ["client_id", "a b"],
      ["limit", "2"],
    ]),
  );
});

test.each(["client_id=", "client_id", "limit=2&client_id="])(
  "an id that was lost is an error, not a request about all: %j",
  (sent) => {
    expect(() => parsed(sent)).toThrow(HttpError);
  },
);

test("a parameter that may be empty counts as left out when it is", () => {
  expect(parsed("cursor=")).toStrictEqual(new Map());
});

test.each(["client_id=a&client_id=b", "client_id=a&client_id=a", "x=1&x="])(
  "Q1: a parameter that was sent twice is refused: %j",
  (sent) => {
    expect(() => parsed(sent)).toThrow("more than once");
  },
);

test.each(["client_id=%00", "client_id=%0d%0a", "client_id=%ff", "client_id=%"])("Q8: what is no text is refused: %j", (sent) => {
  expect(() => parsed(sent)).toThrow("invalid_request");
});
