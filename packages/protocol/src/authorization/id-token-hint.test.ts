import { expect, test } from "vitest";
import { newUserId } from "../ids.ts";
import { parseIdTokenHint } from "./id-token-hint.ts";

const ann = newUserId((length) => new Uint8Array(length).fill(1));
const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const hint = (claims: unknown) => `${encoded({ alg: "RS256" })}.${encoded(claims)}.c2lnbmF0dXJl`;

test("the subject of a hint is that of its ID token, also of one that has expired", () => {
  expect(parseIdTokenHint(hint({ sub: ann, exp: 1 }))).toBe(ann);
  expect(parseIdTokenHint(undefined)).toBeUndefined();
});

test.each([
  "x",
  "a.b",
  "..",
  hint(null),
  hint([]),
  hint({}),
  hint({ sub: 1 }),
  `${hint({ sub: ann })}.x`,
  `x.${encoded({ sub: ann })}`,
])("%s is no ID token", (value) => {
  expect(() => parseIdTokenHint(value)).toThrow(expect.objectContaining({ name: "OAuthError", code: "invalid_request" }));
});
