import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { parseClientId, parseTenantId } from "../ids.ts";
import { instant } from "../instant.ts";
import { parseForm } from "../parameters/form.ts";
import { hashSecret } from "../secret/secret.ts";
import { type Client, type ClientAuthenticationMethod, laterClientMetadata } from "./client.ts";
import { authenticateClient, clientCredentials } from "./client-authentication.ts";

const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("clientCredentials", () => {
  test("reads Basic credentials, each half form-decoded", () => {
    expect(clientCredentials(basic("a%3Ab:c+d%25"), [])).toEqual({
      method: "client_secret_basic",
      clientId: "a:b",
      clientSecret: "c d%",
    });
  });

  test("reads the body's credentials", () => {
    expect(clientCredentials(undefined, parseForm("client_id=a&client_secret=b"))).toEqual({
      method: "client_secret_post",
      clientId: "a",
      clientSecret: "b",
    });
  });

  test("takes a client_id alone as a public client's", () => {
    expect(clientCredentials(undefined, parseForm("client_id=a"))).toEqual({ method: "none", clientId: "a" });
  });

  test("A1: Basic and body together are invalid_request", () => {
    expect(() => clientCredentials(basic("a:b"), parseForm("client_id=a&client_secret=b"))).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  });

  test("a client_id in the body that is another than the header's is invalid_request", () => {
    expect(() => clientCredentials(basic("a:b"), parseForm("client_id=c"))).toThrow(
      expect.objectContaining({ code: "invalid_request" }),
    );
  });

  test("no credentials are invalid_client", () => {
    expect(() => clientCredentials(undefined, [])).toThrow(expect.objectContaining({ code: "invalid_client" }));
  });

  test.each(["Basic", "Basic ", "Basic !!", "Bearer abc", basic("no colon"), basic(":x"), basic("%zz:x"), ""])(
    "A11: the header %j is invalid_client",
    (header) => {
      expect(() => clientCredentials(header, [])).toThrow(expect.objectContaining({ code: "invalid_client" }));
    },
  );

  test("A11: whatever the header is, nothing but an OAuthError is thrown", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: "binary" }).map(basic)), (header) => {
        try {
          clientCredentials(header, []);
        } catch (error) {
          expect(error).toBeInstanceOf(OAuthError);
        }
      }),
    );
  });
});

describe("authenticateClient", () => {
  const now = instant(1_000_000);

  function client(tokenEndpointAuthMethod: ClientAuthenticationMethod, rest: Partial<Client> = {}): Client {
    const id = parseClientId("59dd29d8574e741c966c73f0");
    const tenantId = parseTenantId("0123456789abcdef");
    if (id === undefined || tenantId === undefined) throw new Error("the test's ids are well-formed");
    return {
      id,
      tenantId,
      metadata: {
        redirectUris: [],
        postLogoutRedirectUris: [],
        grantTypes: ["client_credentials"],
        responseTypes: [],
        tokenEndpointAuthMethod,
        applicationType: "web",
        idTokenSignedResponseAlg: "RS256",
        accessTokenFormat: "jwt",
        accessTokenSignedResponseAlg: "RS256",
        clientName: "",
        contacts: [],
        customScopes: [],
        ...laterClientMetadata,
      },
      ...(tokenEndpointAuthMethod === "none" ? {} : { secretHash: hashSecret("secret") }),
      ...rest,
    };
  }

  test("a client with its secret, by its method", () => {
    const registered = client("client_secret_basic");
    expect(authenticateClient(registered, { method: "client_secret_basic", clientId: "a", clientSecret: "secret" }, now)).toBe(
      registered,
    );
  });

  test.each<[string, Client | undefined, Parameters<typeof authenticateClient>[1]]>([
    ["an unknown client", undefined, { method: "client_secret_basic", clientId: "a", clientSecret: "secret" }],
    ["a wrong secret", client("client_secret_basic"), { method: "client_secret_basic", clientId: "a", clientSecret: "wrong" }],
    ["A10: an empty secret", client("client_secret_basic"), { method: "client_secret_basic", clientId: "a", clientSecret: "" }],
    ["P7: no secret", client("client_secret_post"), { method: "none", clientId: "a" }],
    ["another method", client("client_secret_basic"), { method: "client_secret_post", clientId: "a", clientSecret: "secret" }],
    [
      "a secret where none is registered",
      client("none"),
      { method: "client_secret_post", clientId: "a", clientSecret: "secret" },
    ],
    [
      "an expired secret",
      client("client_secret_post", { secretExpiresAt: now }),
      { method: "client_secret_post", clientId: "a", clientSecret: "secret" },
    ],
  ])("%s is refused with the very same words", (_, registered, credentials) => {
    expect(() => authenticateClient(registered, credentials, now)).toThrow(
      expect.objectContaining({ code: "invalid_client", description: "client authentication failed" }),
    );
  });
});
