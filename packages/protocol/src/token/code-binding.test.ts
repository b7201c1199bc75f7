import { describe, expect, test } from "vitest";
import { parseClientId } from "../ids.ts";
import { parseCodeChallenge } from "../pkce/pkce.ts";
import { parseRedirectUri } from "../redirect-uri/redirect-uri.ts";
import { type CodeBinding, type CodeRedemption, checkCodeBinding } from "./code-binding.ts";

// RFC 7636 appendix B
const verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const codeChallenge = parseCodeChallenge("E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM", "S256");

function bindings(): { readonly plain: CodeBinding; readonly challenged: CodeBinding } {
  const clientId = parseClientId("0123456789abcdef01234567");
  if (clientId === undefined || codeChallenge === undefined) throw new Error("the values were meant to be valid");
  const plain = { clientId, redirectUri: parseRedirectUri("https://app.example/cb", "web") };
  return { plain, challenged: { ...plain, codeChallenge } };
}

const rightly: CodeRedemption = {
  clientId: "0123456789abcdef01234567",
  redirectUri: "https://app.example/cb",
  codeVerifier: "",
};
const invalidGrant = expect.objectContaining({ name: "OAuthError", code: "invalid_grant" });

describe("checkCodeBinding", () => {
  test("lets the client redeem its code with the redirect URI of the request", () => {
    expect(() => checkCodeBinding(bindings().plain, rightly)).not.toThrow();
  });

  test("lets the verifier of the challenge redeem the code", () => {
    expect(() => checkCodeBinding(bindings().challenged, { ...rightly, codeVerifier: verifier })).not.toThrow();
  });

  test.each<[string, Partial<CodeRedemption>]>([
    ["C3: another client", { clientId: "76543210fedcba9876543210" }],
    ["no client", { clientId: "" }],
    ["R9: another redirect URI", { redirectUri: "https://app.example/cb/" }],
    ["R9: no redirect URI", { redirectUri: "" }],
    ["P3: a verifier without a challenge", { codeVerifier: verifier }],
  ])("%s is invalid_grant", (_what, changes) => {
    expect(() => checkCodeBinding(bindings().plain, { ...rightly, ...changes })).toThrow(invalidGrant);
  });

  test.each([
    ["P1: no verifier", ""],
    ["another verifier", `${verifier.slice(1)}A`],
    ["the challenge itself", "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"],
    ["P6: a verifier of 42 characters", verifier.slice(1)],
    ["P6: a verifier of 129 characters", "a".repeat(129)],
  ])("with a challenge, %s is invalid_grant", (_what, codeVerifier) => {
    expect(() => checkCodeBinding(bindings().challenged, { ...rightly, codeVerifier })).toThrow(invalidGrant);
  });
});
