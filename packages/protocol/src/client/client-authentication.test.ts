import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { OAuthError } from "../errors.ts";
import { explanationOf } from "../explanation/explanation.ts";
import { parseClientId, parseTenantId } from "../ids.ts";
import { type Instant, instant } from "../instant.ts";
import { JwtRefused } from "../jwt/compact-jwt.ts";
import { parseForm } from "../parameters/form.ts";
import { hashSecret } from "../secret/secret.ts";
import { type Client, type ClientAuthenticationMethod, laterClientMetadata } from "./client.ts";
import {
  assertionRefused,
  type ClientCredentials,
  checkSecret,
  clientCredentials,
  requireMethod,
} from "./client-authentication.ts";

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

  describe("an assertion", () => {
    const encoded = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
    const assertion = `${encoded({ alg: "RS256" })}.${encoded({ iss: "a", sub: "a" })}.c2ln`;
    const type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    const form = (members: Readonly<Record<string, string>>) => parseForm(String(new URLSearchParams(members)));
    const rightly = { client_assertion: assertion, client_assertion_type: type };
    const refused = (code: string) => expect.objectContaining({ name: "OAuthError", code });

    test("is the credentials of whom it names, with client_id or without", () => {
      const credentials = { method: "client_assertion", clientId: "a", clientAssertion: assertion };
      expect(clientCredentials(undefined, form(rightly))).toEqual(credentials);
      expect(clientCredentials(undefined, form({ ...rightly, client_id: "a" }))).toEqual(credentials);
    });

    test("A2: beside a secret is invalid_client, in the header as in the body", () => {
      expect(() => clientCredentials(undefined, form({ ...rightly, client_secret: "b" }))).toThrow(refused("invalid_client"));
      expect(() => clientCredentials(basic("a:b"), form(rightly))).toThrow(refused("invalid_client"));
    });

    test("A9: with another client_id is invalid_client", () => {
      expect(() => clientCredentials(undefined, form({ ...rightly, client_id: "b" }))).toThrow(refused("invalid_client"));
    });

    test("of another type, or of none, is invalid_client", () => {
      const saml = "urn:ietf:params:oauth:client-assertion-type:saml2-bearer";
      expect(() => clientCredentials(undefined, form({ ...rightly, client_assertion_type: saml }))).toThrow(
        refused("invalid_client"),
      );
      expect(() => clientCredentials(undefined, form({ client_assertion: assertion }))).toThrow(refused("invalid_client"));
    });

    test("that is missing beside its type is invalid_request", () => {
      expect(() => clientCredentials(undefined, form({ client_id: "a", client_assertion_type: type }))).toThrow(
        refused("invalid_request"),
      );
    });

    test("that cannot be read, or names nobody, is invalid_client, and nothing else is ever thrown", () => {
      const nobody = `${encoded({ alg: "RS256" })}.${encoded({ iss: "a" })}.c2ln`;
      expect(() => clientCredentials(undefined, form({ ...rightly, client_assertion: nobody }))).toThrow(
        refused("invalid_client"),
      );
      fc.assert(
        fc.property(fc.string({ unit: "binary", minLength: 1 }), (client_assertion) => {
          try {
            clientCredentials(undefined, form({ ...rightly, client_assertion }));
          } catch (error) {
            if (error instanceof OAuthError) return;
            throw error;
          }
          expect.unreachable("accepted");
        }),
      );
    });
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

/** What the token service does with credentials that are a secret, or nothing. */
function authenticate(registered: Client | undefined, credentials: ClientCredentials, now: Instant): Client {
  const client = requireMethod(registered, credentials);
  if ("clientSecret" in credentials) checkSecret(client, credentials.clientSecret, now);
  return client;
}

test("what is wrong with an assertion is for the administrator: whoever sent it is told nothing", () => {
  const error = assertionRefused(
    new JwtRefused("aud is another", { expected: "https://id.example", sent: "https://evil.example" }),
  );
  expect([error.code, error.description]).toEqual(["invalid_client", "client authentication failed"]);
  expect(explanationOf(error)).toMatchObject({
    rule: "the assertion is refused: aud is another",
    expected: "https://id.example",
    sent: "https://evil.example",
  });
});

describe("requireMethod and checkSecret", () => {
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
    expect(authenticate(registered, { method: "client_secret_basic", clientId: "a", clientSecret: "secret" }, now)).toBe(
      registered,
    );
  });

  test.each<[string, Client | undefined, ClientCredentials]>([
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
      "a secret where an assertion is registered",
      client("client_secret_jwt"),
      { method: "client_secret_post", clientId: "a", clientSecret: "secret" },
    ],
    [
      "A2: a secret where keys are registered",
      client("private_key_jwt"),
      { method: "client_secret_basic", clientId: "a", clientSecret: "secret" },
    ],
    [
      "an assertion where a secret is registered",
      client("client_secret_basic"),
      { method: "client_assertion", clientId: "a", clientAssertion: "x" },
    ],
    [
      "an expired secret",
      client("client_secret_post", { secretExpiresAt: now }),
      { method: "client_secret_post", clientId: "a", clientSecret: "secret" },
    ],
  ])("%s is refused with the very same words", (_, registered, credentials) => {
    expect(() => authenticate(registered, credentials, now)).toThrow(
      expect.objectContaining({ code: "invalid_client", description: "client authentication failed" }),
    );
  });
});
