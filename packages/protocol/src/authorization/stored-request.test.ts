import fc from "fast-check";
import { expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { parseJsonObject } from "../json/json.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { parseAuthorizationRequest } from "./authorization-request.ts";
import { parseRedirection } from "./redirection.ts";
import { restoreAuthorizationRequest, storeAuthorizationRequest } from "./stored-request.ts";

const throughJson = (value: object) => parseJsonObject(JSON.stringify(value), "a stored request");

test("any request comes back from the store as it was sent", () => {
  const parameters = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 8 }).map((pairs) => new Map(pairs));
  fc.assert(
    fc.property(parameters, fc.constantFrom("standard", "strict"), (sent, profile) => {
      const restored = restoreAuthorizationRequest(throughJson(storeAuthorizationRequest({ parameters: sent, profile })));
      expect(restored).toEqual({ parameters: sent, profile });
    }),
  );
});

test("a parameter called like a member of every object comes back as a parameter", () => {
  const parameters = new Map([
    ["__proto__", "x"],
    ["constructor", "y"],
  ]);
  expect(
    restoreAuthorizationRequest(throughJson(storeAuthorizationRequest({ parameters, profile: "standard" })))?.parameters,
  ).toEqual(parameters);
});

test.each([
  {},
  { profile: "other", parameters: [] },
  { profile: "strict" },
  { profile: "strict", parameters: ["a"] },
  { profile: "strict", parameters: [["a"]] },
  { profile: "strict", parameters: [["a", 1]] },
])("%j is no stored request", (stored) => {
  expect(restoreAuthorizationRequest(stored)).toBeUndefined();
});

test("M2: a resumed request is held against the client as it is by then", () => {
  const before = exampleClient({ redirectUris: ["https://app.example/cb", "https://app.example/other"] });
  const parameters = new Map([
    ["client_id", before.id],
    ["redirect_uri", "https://app.example/cb"],
    ["response_type", "code"],
    ["scope", "openid"],
  ]);
  const resumed = restoreAuthorizationRequest(throughJson(storeAuthorizationRequest({ parameters, profile: "standard" })));
  if (resumed === undefined) throw new Error("the request was stored");

  const withoutRedirectUri = exampleClient({ redirectUris: ["https://app.example/other"] });
  expect(() => parseRedirection(resumed.parameters, withoutRedirectUri)).toThrow(OAuthError);

  const withoutResponseType = { ...before, metadata: { ...before.metadata, responseTypes: [] } };
  const redirection = parseRedirection(resumed.parameters, withoutResponseType);
  expect(
    parseAuthorizationRequest(resumed.parameters, redirection, { profile: resumed.profile, requirePkce: false }),
  ).toMatchObject({
    code: "unauthorized_client",
  });
});
