import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { type ClientMetadataDraft, parseClientMetadata } from "./client-metadata.ts";

const redirectUris = ["https://app.example/callback"];
const ed25519 = { kty: "OKP", crv: "Ed25519", x: "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo" };
const set = (...keys: object[]) => JSON.stringify({ keys });
const rsa = (bits: number) => generateKeyPairSync("rsa", { modulusLength: bits }).publicKey.export({ format: "jwk" });

function refusal(draft: ClientMetadataDraft): string {
  try {
    parseClientMetadata({ redirectUris, ...draft });
    return "accepted";
  } catch (error) {
    if (error instanceof OAuthError && error.code === "invalid_client_metadata") return error.description;
    throw error;
  }
}

describe("how a client authenticates", () => {
  test.each<[ClientMetadataDraft]>([
    [{ tokenEndpointAuthMethod: "private_key_jwt", jwks: set(ed25519), tokenEndpointAuthSigningAlg: "EdDSA" }],
    [{ tokenEndpointAuthMethod: "private_key_jwt", jwksUri: "https://app.example/keys" }],
    [{ tokenEndpointAuthMethod: "client_secret_jwt", tokenEndpointAuthSigningAlg: "HS384" }],
    [{ tokenEndpointAuthMethod: "self_signed_tls_client_auth", jwks: set({ ...ed25519, x5c: ["MIIB"] }) }],
    [{ tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanDns: "app.example" }],
    [{ tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSubjectDn: "CN=app,O=Example" }],
    [{ tokenEndpointAuthSigningAlg: "RS256" }],
  ])("%j is complete", (draft) => {
    expect(refusal(draft)).toBe("accepted");
  });

  test.each<[string, ClientMetadataDraft]>([
    ["needs the client's keys", { tokenEndpointAuthMethod: "private_key_jwt" }],
    ["needs the client's keys", { tokenEndpointAuthMethod: "self_signed_tls_client_auth" }],
    ["needs one of", { tokenEndpointAuthMethod: "tls_client_auth" }],
    ["only one of", { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanDns: "a", tlsClientAuthSanIp: "10.0.0.1" }],
    ["must be a distinguished name", { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSubjectDn: "app" }],
    ["must be a host name", { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanDns: "app example" }],
    ["must be an absolute URI", { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanUri: "/app" }],
    ["must be an IP address", { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanIp: "10.1" }],
    ["must be an email address", { tokenEndpointAuthMethod: "tls_client_auth", tlsClientAuthSanEmail: "app" }],
    ["goes only with", { tlsClientAuthSanDns: "app.example" }],
    ["must be one of: HS256", { tokenEndpointAuthMethod: "client_secret_jwt", tokenEndpointAuthSigningAlg: "RS256" }],
    [
      "must be one of: RS256",
      { tokenEndpointAuthMethod: "private_key_jwt", jwks: set(ed25519), tokenEndpointAuthSigningAlg: "HS256" },
    ],
    [
      "must be one of: RS256",
      { tokenEndpointAuthMethod: "private_key_jwt", jwks: set(ed25519), tokenEndpointAuthSigningAlg: "none" },
    ],
    ["only one of jwks and jwks_uri", { jwks: set(ed25519), jwksUri: "https://app.example/keys" }],
    ["jwks_uri must be an https address", { jwksUri: "http://app.example/keys" }],
    ["jwks_uri must not have a fragment", { jwksUri: "https://app.example/keys#a" }],
  ])("%s: %j is refused", (description, draft) => {
    expect(refusal(draft)).toContain(description);
  });
});

describe("the keys of a client", () => {
  test("G4: a private or symmetric key is refused", () => {
    const { privateKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
    for (const key of [
      privateKey.export({ format: "jwk" }),
      { ...ed25519, d: "AA" },
      { kty: "oct", k: "AAAA" },
      { kty: "new", k: "AA" },
    ]) {
      expect(refusal({ jwks: set(ed25519, key) })).toMatch(/^jwks\.keys\[1\] must be a public key/);
    }
  });

  test("are kept as they are, without members that are not known, and without keys of another type", () => {
    const { jwks } = parseClientMetadata({
      redirectUris,
      jwks: set({ ...ed25519, kid: "a", use: "sig", more: 1 }, { kty: "PQ", x: "A" }),
    });
    expect(jwks).toEqual([{ ...ed25519, kid: "a", use: "sig" }]);
  });

  test.each(["P-256", "P-384", "P-521"])("may be on the curve %s", (namedCurve) => {
    const { publicKey } = generateKeyPairSync("ec", { namedCurve });
    expect(refusal({ jwks: set(publicKey.export({ format: "jwk" })) })).toBe("accepted");
  });

  test("may be RSA keys of 2048 bits or more, and none weaker", () => {
    expect(refusal({ jwks: set(rsa(2048)) })).toBe("accepted");
    expect(refusal({ jwks: set(rsa(1024)) })).toContain("at least 2048 bits");
  });

  test("are no RSA keys that take long to verify with", () => {
    const usual = rsa(2048);
    const parameter = (bytes: number) => Buffer.alloc(bytes, 0xff).toString("base64url");
    expect(refusal({ jwks: set({ ...usual, n: parameter(512), e: parameter(4) }) })).toBe("accepted");
    expect(refusal({ jwks: set({ ...usual, n: parameter(513) }) })).toContain("at most 4096");
    expect(refusal({ jwks: set({ ...usual, e: parameter(5) }) })).toContain("an exponent of at most 32");
  });

  test.each(["{", "[]", "null", '"x"', "{}", '{"keys":{}}', '{"keys":[1]}', '{"keys":[{}]}', '{"keys":[{"kty":"OKP"}]}'])(
    "%s holds none",
    (jwks) => {
      expect(refusal({ jwks })).toMatch(/^jwks/);
    },
  );

  test("are at most 20, in at most 64 KiB", () => {
    expect(refusal({ jwks: set(...Array.from({ length: 20 }, () => ed25519)) })).toBe("accepted");
    expect(refusal({ jwks: set(...Array.from({ length: 21 }, () => ed25519)) })).toContain("at most 20 keys");
    expect(refusal({ jwks: set({ ...ed25519, more: "x".repeat(65_536) }) })).toContain("at most 65536 characters");
  });
});
