import { expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { type ClientMetadataDraft, parseClientMetadata } from "./client-metadata.ts";

const redirectUris = ["https://app.example/callback"];
const onTwoHosts = ["https://app.example/callback", "https://other.example/callback"];

function refusal(draft: ClientMetadataDraft): string {
  try {
    parseClientMetadata({ redirectUris, ...draft });
    return "accepted";
  } catch (error) {
    if (error instanceof OAuthError && error.code === "invalid_client_metadata") return error.description;
    throw error;
  }
}

test("what is given is kept, and what is left out is absent or off", () => {
  const draft: ClientMetadataDraft = {
    userinfoSignedResponseAlg: "ES256",
    introspectionSignedResponseAlg: "EdDSA",
    requestObjectSigningAlg: "PS512",
    requireSignedRequestObject: true,
    requestUris: ["https://app.example/request.jwt#n4bQgYhMfWWaL-qgxVrQFaO_TxsrC4Is0V1sFbDwCgg"],
    subjectType: "pairwise",
    sectorIdentifierUri: "https://app.example/sector.json",
    initiateLoginUri: "https://app.example/login?from=signet",
    defaultMaxAge: 0,
    requireAuthTime: true,
    defaultAcrValues: ["urn:example:acr"],
    backchannelLogoutUri: "https://back.example/logout",
    backchannelLogoutSessionRequired: true,
    frontchannelLogoutUri: "https://app.example/logout",
    frontchannelLogoutSessionRequired: true,
    softwareId: "program",
    softwareVersion: "1.2",
    isResourceServer: true,
  };
  expect(parseClientMetadata({ redirectUris, ...draft })).toMatchObject(draft);
  const bare = parseClientMetadata({ redirectUris });
  expect(bare).toMatchObject({ subjectType: "public", isResourceServer: false, requireAuthTime: false, requestUris: [] });
  for (const member of ["defaultMaxAge", "initiateLoginUri", "sectorIdentifierUri", "jwks"])
    expect(bare).not.toHaveProperty(member);
});

test.each<[string, ClientMetadataDraft]>([
  ["userinfo_signed_response_alg must be one of", { userinfoSignedResponseAlg: "none" }],
  ["introspection_signed_response_alg must be one of", { introspectionSignedResponseAlg: "HS256" }],
  ["request_object_signing_alg must be one of", { requestObjectSigningAlg: "none" }],
  ["subject_type must be one of", { subjectType: "private" }],
  ["sector_identifier_uri is needed", { subjectType: "pairwise", redirectUris: onTwoHosts }],
  ["sector_identifier_uri must be an https address", { sectorIdentifierUri: "http://app.example/sector" }],
  ["request_uris[0] must be", { requestUris: [""] }],
  ["request_uris[1] must be an https address", { requestUris: ["https://app.example/a", "http://app.example/b"] }],
  ["request_uris[0] must not have a fragment", { requestUris: ["https://app.example/a#b#c"] }],
  ["request_uris may have at most 20", { requestUris: Array.from({ length: 21 }, (_, i) => `https://app.example/${i}`) }],
  ["initiate_login_uri must be an https address", { initiateLoginUri: "javascript:alert(1)" }],
  ["default_max_age must be", { defaultMaxAge: -1 }],
  ["default_max_age must be", { defaultMaxAge: 1.5 }],
  ["default_acr_values[0] must be one word", { defaultAcrValues: ["a b"] }],
  ["default_acr_values[0] must be one word", { defaultAcrValues: [""] }],
  ["default_acr_values may have at most 10", { defaultAcrValues: Array.from({ length: 11 }, () => "a") }],
  ["backchannel_logout_uri must not have a fragment", { backchannelLogoutUri: "https://app.example/#x" }],
  ["backchannel_logout_uri must be an https address", { backchannelLogoutUri: "http://169.254.169.254/latest" }],
  ["frontchannel_logout_uri must have the scheme, host and port", { frontchannelLogoutUri: "https://other.example/logout" }],
  ["software_id must be one line", { softwareId: "a\nb" }],
])("%s: %j is refused", (description, draft) => {
  expect(refusal(draft)).toContain(description);
});

test("pairwise redirect URIs may be on one host, or on several with a sector identifier", () => {
  expect(refusal({ subjectType: "pairwise" })).toBe("accepted");
  const sectorIdentifierUri = "https://app.example/sector.json";
  expect(refusal({ subjectType: "pairwise", redirectUris: onTwoHosts, sectorIdentifierUri })).toBe("accepted");
});
