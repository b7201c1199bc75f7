import { ResourceError } from "@signet/protocol";
import { MongoNetworkError, MongoServerError } from "mongodb";
import { expect, test } from "vitest";
import { storeError } from "./errors.ts";

const unavailable = { name: "ResourceError", kind: "unavailable" };

test.each([91, 189, 10_107, 11_600, 50, 64, 14_031])("the server's error %i means unavailable", (code) => {
  expect(storeError(new MongoServerError({ errmsg: "not now", code }))).toMatchObject(unavailable);
});

test.each([2, 9, 13, 121, 238, 11_000])("the server's error %i is our own fault", (code) => {
  const error = storeError(new MongoServerError({ errmsg: "never", code }));
  expect(error).not.toBeInstanceOf(ResourceError);
  expect(error).toMatchObject({ name: "MongoServerError", code });
});

test.each(["EPIPE", "ECONNRESET"])("a connection that breaks with %s means unavailable", (code) => {
  expect(storeError(Object.assign(new Error("broken"), { code }))).toMatchObject(unavailable);
  expect(storeError(new MongoNetworkError("broken"))).toMatchObject(unavailable);
});

test("an error of our own stays as it is", () => {
  const own = new TypeError("our own");
  expect(storeError(own)).toBe(own);
});

test("K7: what the server quotes of a document does not reach a log", () => {
  const errmsg = 'E11000 duplicate key error dup key: { name: "zoe@people.example" }';
  const details = { errmsg, code: 11_000, keyValue: { name: "zoe@people.example" } };
  for (const code of [11_000, 91]) {
    const error = storeError(new MongoServerError({ ...details, code }));
    if (!(error instanceof Error)) throw new Error("it was meant to be an error");
    for (const text of [error, error.cause].map((one) => JSON.stringify(one, Object.getOwnPropertyNames(one ?? {})))) {
      expect(text ?? "").not.toContain("zoe");
    }
  }
});
