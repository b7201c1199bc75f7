import { describe, expect, test } from "vitest";
import { exampleClient } from "../testing/example-parties.ts";
import { parseClaimsRequest } from "./claims-request.ts";
import { claimsBeyondScopes, grantableClaims, noRequestedClaims, stillOpenClaims } from "./requested-claims.ts";

const asking = (request: object) => parseClaimsRequest(JSON.stringify(request));
const badge = { scopes: [{ name: "badge", description: "Your badge", fields: ["badge_number", "roles"] }] };

describe("grantableClaims", () => {
  test("are the standard claims and the fields of the client's custom scopes, in the order asked for; the others are ignored", () => {
    const request = asking({
      userinfo: { name: null, badge_number: null, "name#fr": null, unknown: null, sub: null, iss: null },
      id_token: { email: null, auth_time: { essential: true }, nonce: null },
    });
    expect(grantableClaims(request, exampleClient(badge), false)).toEqual({
      userinfo: ["name", "badge_number"],
      idToken: ["email"],
    });
  });

  test("G1: are no more than the scopes stand for that are open to the client", () => {
    const request = asking({ userinfo: { email: null, phone_number: null, roles: null, badge_number: null } });
    expect(grantableClaims(request, exampleClient({ scope: "openid email" }), false).userinfo).toEqual(["email"]);
    expect(grantableClaims(request, exampleClient({ scope: "openid email", ...badge }), false).userinfo).toEqual([
      "email",
      "roles",
      "badge_number",
    ]);
    expect(grantableClaims(request, exampleClient({ scope: "openid" }), false)).toEqual(noRequestedClaims);
  });

  test("have acr once, whether it was asked for by claims, by acr_values or by both", () => {
    const request = asking({ id_token: { acr: null } });
    const client = exampleClient();
    const none = asking({});
    const got = [
      grantableClaims(request, client, false),
      grantableClaims(request, client, true),
      grantableClaims(none, client, true),
    ];
    expect(got.map(({ idToken }) => idToken)).toEqual([["acr"], ["acr"], ["acr"]]);
    expect(grantableClaims(asking({ userinfo: { acr: null } }), client, false)).toEqual(noRequestedClaims);
  });
});

test("claims that are open no more are left out", () => {
  expect(stillOpenClaims(["email", "badge_number"], exampleClient(badge))).toEqual(["email", "badge_number"]);
  expect(stillOpenClaims(["acr", "email", "badge_number"], exampleClient({ scope: "openid phone" }))).toEqual([]);
});

test("beyond the scopes are the claims that none of them stands for, each once, and never acr", () => {
  const requested = { userinfo: ["email", "name", "badge_number"], idToken: ["acr", "name", "phone_number"] };
  const client = exampleClient(badge);
  expect(claimsBeyondScopes(requested, ["openid", "email"], client)).toEqual(["name", "badge_number", "phone_number"]);
  expect(claimsBeyondScopes(requested, ["openid", "email", "profile", "phone", "badge"], client)).toEqual([]);
  expect(claimsBeyondScopes(noRequestedClaims, [], client)).toEqual([]);
});
