import { expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { newSecret } from "../secret/secret.ts";
import { issuerOf, type TenantName } from "../tenant/tenant.ts";
import { exampleClient } from "../testing/example-parties.ts";
import { codeResponse, errorResponse } from "./authorization-response.ts";
import { parseRedirection } from "./redirection.ts";

const client = exampleClient();
const sent = new Map([
  ["client_id", client.id],
  ["redirect_uri", "https://app.example/cb"],
  ["response_mode", "form_post"],
]);
const issuer = issuerOf("https://id.example", "acme" as TenantName);

test("M1: a success carries the code, the state as it came, and iss", () => {
  const code = newSecret((length) => new Uint8Array(length));
  const redirection = parseRedirection(new Map([...sent, ["state", "ä +&=%20"]]), client);
  expect(codeResponse(redirection, code, issuer)).toEqual({
    redirectUri: "https://app.example/cb",
    responseMode: "form_post",
    parameters: [
      { name: "code", value: code },
      { name: "state", value: "ä +&=%20" },
      { name: "iss", value: "https://id.example/acme" },
    ],
  });
});

test("M1: an error carries its code and description, the state, and iss", () => {
  const redirection = parseRedirection(new Map([...sent, ["state", "xyz"]]), client);
  expect(errorResponse(redirection, new OAuthError("access_denied", "the user did not agree"), issuer).parameters).toEqual([
    { name: "error", value: "access_denied" },
    { name: "error_description", value: "the user did not agree" },
    { name: "state", value: "xyz" },
    { name: "iss", value: "https://id.example/acme" },
  ]);
});

test("a response to a request without state has none", () => {
  const names = errorResponse(parseRedirection(sent, client), new OAuthError("login_required", "why"), issuer).parameters.map(
    ({ name }) => name,
  );
  expect(names).toEqual(["error", "error_description", "iss"]);
});
