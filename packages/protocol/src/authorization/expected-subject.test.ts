import { expect, test } from "vitest";
import { newUserId } from "../ids.ts";
import { parseClaimsRequest } from "./claims-request.ts";
import { mayBeAnsweredFor, parseExpectedSubjects } from "./expected-subject.ts";

const ann = newUserId((length) => new Uint8Array(length).fill(1));
const bob = newUserId((length) => new Uint8Array(length).fill(2));
const expected = (hint: string | undefined, claims: object) =>
  parseExpectedSubjects(hint, parseClaimsRequest(JSON.stringify(claims)));

test.each([
  [undefined, {}, undefined],
  [undefined, { id_token: { sub: null } }, undefined],
  [ann, {}, [ann]],
  [undefined, { id_token: { sub: { value: ann } } }, [ann]],
  [undefined, { userinfo: { sub: { value: ann, essential: true } } }, [ann]],
  [undefined, { id_token: { sub: { values: [ann, bob, 7] } } }, [ann, bob]],
  [bob, { id_token: { sub: { values: [ann, bob] } } }, [bob]],
])("the hint %s and the claims %j name %j", (hint, claims, subjects) => {
  expect(expected(hint, claims)).toEqual(subjects);
});

test.each([
  [ann, { id_token: { sub: { value: bob } } }],
  [undefined, { id_token: { sub: { value: ann } }, userinfo: { sub: { value: bob } } }],
  [undefined, { id_token: { sub: { value: 7 } } }],
  [undefined, { id_token: { sub: { values: [] } } }],
])("the hint %s and the claims %j name nobody, or two: invalid_request", (hint, claims) => {
  expect(() => expected(hint, claims)).toThrow(expect.objectContaining({ name: "OAuthError", code: "invalid_request" }));
});

test("a request that names a user is answered for nobody else", () => {
  const forAnn = { expectedSubjects: [ann] };
  expect([mayBeAnsweredFor(forAnn, ann), mayBeAnsweredFor(forAnn, bob), mayBeAnsweredFor({}, bob)]).toEqual([true, false, true]);
});
