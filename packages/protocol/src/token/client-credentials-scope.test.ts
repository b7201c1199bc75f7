import { expect, test } from "vitest";
import { exampleClient } from "../testing/example-parties.ts";
import { clientCredentialsScopes } from "./client-credentials-scope.ts";

const client = exampleClient({
  scope: "openid email reports:read",
  scopes: [{ name: "badge", description: "Your badge", fields: ["badge_number"] }],
});

test("a client that asks for no scope gets its custom ones and the non-standard ones it is registered with", () => {
  expect(clientCredentialsScopes(client, undefined)).toEqual(["badge", "reports:read"]);
});

test("a client that is registered with no scope of its own gets none", () => {
  expect(clientCredentialsScopes(exampleClient(), undefined)).toEqual([]);
});

test("a client gets those of its own scopes that it asks for", () => {
  expect(clientCredentialsScopes(client, ["reports:read"])).toEqual(["reports:read"]);
});

test.each(["openid", "email", "offline_access", "reports:write"])("asking for %s is invalid_scope", (scope) => {
  expect(() => clientCredentialsScopes(client, ["badge", scope])).toThrow(
    expect.objectContaining({ name: "OAuthError", code: "invalid_scope" }),
  );
});
