import { expect, test } from "vitest";
import { OAuthError, ResourceError } from "../errors.ts";
import { Explanation, explanationOf } from "./explanation.ts";

const why = new Explanation({
  rule: "the redirect URI is registered",
  expected: "https://a.example/cb",
  sent: "https://b.example/cb",
});

test("an error is explained by the explanation among its causes", () => {
  const error = new OAuthError("invalid_request", "redirect_uri is wrong", { cause: why });
  expect(explanationOf(error)).toBe(why);
  expect(explanationOf(new OAuthError("invalid_request", "redirect_uris[0]: wrong", { cause: error }))).toBe(why);
  expect(explanationOf(why)).toBe(why);
});

test("without one it is explained by its innermost cause in words, or by itself", () => {
  expect(explanationOf(new OAuthError("invalid_client", "no", { cause: "wrong secret" }))?.rule).toBe("wrong secret");
  const inner = new ResourceError("invalid", "must be a text");
  expect(explanationOf(new ResourceError("invalid", "scopes is wrong", { cause: inner }))?.rule).toBe("must be a text");
  expect(explanationOf(new OAuthError("invalid_scope", "too much", { cause: new Error("driver") }))?.rule).toBe("too much");
});

test("what is no refusal is not explained", () => {
  expect(explanationOf(new Error("a fault"))).toBeUndefined();
  expect(explanationOf(undefined)).toBeUndefined();
});

test("a circle of causes comes to an end", () => {
  const error = new OAuthError("invalid_request", "round", {});
  error.cause = error;
  expect(explanationOf(error)?.rule).toBe("round");
});

test("K7: an explanation is masked from the beginning", () => {
  const secret = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
  const { rule, expected, sent, message } = new Explanation({ rule: `x ${secret}`, expected: secret, sent: secret });
  expect([rule, message, expected, sent]).toEqual(["x [masked]", "x [masked]", "[masked]", "[masked]"]);
});
