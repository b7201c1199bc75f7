import fc from "fast-check";
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

test("whatever is sent, a hint names a subject that it has, or is refused", () => {
  const parts = fc.array(
    fc.oneof(
      fc.string(),
      fc.json().map((json) => Buffer.from(json).toString("base64url")),
    ),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: "binary" }),
        parts.map((all) => all.join(".")),
      ),
      (value) => {
        try {
          expect(parseIdTokenHint(value)).toBeTypeOf("string");
        } catch (error) {
          expect(error).toMatchObject({ name: "OAuthError", code: "invalid_request" });
        }
      },
    ),
    { examples: [[encoded({ sub: ann })], [`x.${encoded({ sub: ann })}.\n`], [".."], [`a.${encoded("sub")}.`]] },
  );
});
