import { hashSecret, instant, OAuthError } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { errorOf, kind, redirectUris } from "../testing/open-registry.ts";
import { type Metadata, registered } from "../testing/registered-client.ts";

const code = (code: OAuthError["code"]) => expect.objectContaining({ name: "OAuthError", code });

describe("UpdateClient", () => {
  const all: Metadata = {
    redirectUris,
    grantTypes: ["authorization_code", "refresh_token"],
    scope: "openid",
    accessTokenFormat: "opaque",
    idTokenSignedResponseAlg: "ES256",
    clientName: "App",
    contacts: ["ops@app.example"],
    policyUri: "https://app.example/policy",
    scopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
    refreshTokens: 1,
  };

  test("G1: members that are not named stay as they are, whatever the message has in their place", async () => {
    const { created, update, get, secret, time } = await registered(all);
    time.now = instant(time.now + 5000);
    const { client, clientSecret } = await update({ clientName: "New", scope: "", redirectUris: ["https://evil.example"] }, [
      "client_name",
    ]);
    expect(client).toEqual({ ...created, metadata: { ...created.metadata, clientName: "New" }, updatedAt: time.now });
    expect(clientSecret).toBe("");
    expect(await get()).toEqual({ client, clientSecret: secret });
  });

  test.each<[string, Metadata]>([
    ["redirect_uris", { redirectUris: ["https://app.example/2"] }],
    ["post_logout_redirect_uris", { postLogoutRedirectUris: ["https://app.example/bye"] }],
    ["grant_types", { grantTypes: ["authorization_code", "client_credentials"] }],
    ["response_types", { responseTypes: ["code"] }],
    ["token_endpoint_auth_method", { tokenEndpointAuthMethod: "client_secret_post" }],
    ["application_type", { applicationType: "native" }],
    ["scope", { scope: "openid email" }],
    ["id_token_signed_response_alg", { idTokenSignedResponseAlg: "EdDSA" }],
    ["access_token_format", { accessTokenFormat: "jwt" }],
    ["access_token_signed_response_alg", { accessTokenSignedResponseAlg: "EdDSA" }],
    ["client_name", { clientName: "" }],
    ["logo_uri", { logoUri: "https://app.example/logo" }],
    ["client_uri", { clientUri: "https://app.example/" }],
    ["policy_uri", { policyUri: "" }],
    ["tos_uri", { tosUri: "https://app.example/tos" }],
    ["contacts", { contacts: [] }],
    ["scopes", { scopes: [] }],
    ["refresh_tokens", { refreshTokens: 0 }],
  ])("%s can be changed", async (member, changed) => {
    const { created, update, get } = await registered(all);
    const { client } = await update(changed, [member]);
    expect(client?.metadata).toEqual({ ...created.metadata, ...changed });
    expect((await get()).client).toEqual(client);
  });

  test.each<[string, Metadata, string[]]>([
    ["none, for a client with client_credentials", { tokenEndpointAuthMethod: "none" }, ["token_endpoint_auth_method"]],
    ["web, for one with a private-use redirect URI", { applicationType: "web" }, ["application_type"]],
    ["no authorization_code, for one with response type code", { grantTypes: ["client_credentials"] }, ["grant_types"]],
    ["no redirect URI", { redirectUris: [] }, ["redirect_uris"]],
    ["B6: a javascript: logo", { logoUri: "javascript:alert(1)" }, ["logo_uri"]],
  ])("G2: the result is validated as a whole: %s", async (_what, changed, members) => {
    const { update, get } = await registered({
      applicationType: "native",
      redirectUris: ["com.example.app:/cb"],
      grantTypes: ["authorization_code", "client_credentials"],
    });
    const before = await get();
    expect(await errorOf(update(changed, members))).toBeInstanceOf(OAuthError);
    expect(await get()).toEqual(before);
  });

  test("G2: a client that comes to be public loses its secret, and gets a new one when it ceases to be", async () => {
    const { update, get, secret } = await registered({ redirectUris }, 1_900_000_000);
    const open = await update({ tokenEndpointAuthMethod: "none" }, ["token_endpoint_auth_method"]);
    expect({ ...open, client: { hash: open.client?.secretHash.length, expiresAt: open.client?.clientSecretExpiresAt } }).toEqual({
      client: { hash: 0, expiresAt: 0 },
      clientSecret: "",
    });
    expect((await get()).clientSecret).toBe("");

    const closed = await update({ tokenEndpointAuthMethod: "client_secret_post" }, ["token_endpoint_auth_method"]);
    expect(closed.clientSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(closed.clientSecret).not.toBe(secret);
    expect(closed.client?.secretHash).toEqual(Buffer.from(hashSecret(closed.clientSecret), "base64url"));
    expect((await get()).clientSecret).toBe(closed.clientSecret);
  });

  test("the secret stays where only the way of sending it changes", async () => {
    const { update, get, secret } = await registered({ redirectUris });
    const { clientSecret } = await update({ tokenEndpointAuthMethod: "client_secret_post" }, ["token_endpoint_auth_method"]);
    expect([clientSecret, (await get()).clientSecret]).toEqual(["", secret]);
  });

  test("a secret that comes to be a key is a new one, long enough for every algorithm, and stays where nothing changes", async () => {
    const { update, get, secret } = await registered({ redirectUris });
    const { clientSecret } = await update({ tokenEndpointAuthMethod: "client_secret_jwt" }, ["token_endpoint_auth_method"]);
    expect(clientSecret).toMatch(/^[A-Za-z0-9_-]{86}$/);
    expect(clientSecret).not.toContain(secret);
    expect((await update({ clientName: "New" }, ["client_name"])).clientSecret).toBe("");
    expect((await get()).clientSecret).toBe(clientSecret);
  });

  test("a renewed secret takes the place of the old one, and nothing else changes", async () => {
    const { update, get, secret, created } = await registered(all);
    const { client, clientSecret } = await update({}, [], { rotateSecret: true });
    expect(clientSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(clientSecret).not.toBe(secret);
    expect(client).toEqual({ ...created, secretHash: Buffer.from(hashSecret(clientSecret), "base64url") });
    expect(await get()).toEqual({ client, clientSecret });
  });

  test("a public client has no secret to renew", async () => {
    const { update } = await registered({ redirectUris, tokenEndpointAuthMethod: "none" });
    await expect(update({}, [], { rotateSecret: true })).rejects.toEqual(code("invalid_client_metadata"));
  });

  test("G1: the end of the secret changes only where it is named", async () => {
    const { update } = await registered({ redirectUris }, 1_900_000_000);
    expect((await update({}, [])).client?.clientSecretExpiresAt).toBe(1_900_000_000);
    expect((await update({}, [], { clientSecretExpiresAt: 1_950_000_000 })).client?.clientSecretExpiresAt).toBe(1_950_000_000);
    expect((await update({}, [], { clientSecretExpiresAt: 0 })).client?.clientSecretExpiresAt).toBe(0);
    await expect(update({}, [], { clientSecretExpiresAt: -5 })).rejects.toEqual(code("invalid_client_metadata"));
  });

  test("a renewed secret has no end but the one that is named with it, also after the old one has ended", async () => {
    const { update, time } = await registered({ redirectUris }, 1_800_000_060);
    time.now = instant(1_800_000_061_000);
    expect((await update({}, [], { rotateSecret: true })).client?.clientSecretExpiresAt).toBe(0);
    const named = { rotateSecret: true, clientSecretExpiresAt: 1_900_000_000 };
    expect((await update({}, [], named)).client?.clientSecretExpiresAt).toBe(1_900_000_000);
    expect((await update({}, [], { rotateSecret: true })).client?.clientSecretExpiresAt).toBe(0);
  });

  test.each([{}, { rotateSecret: true }])("no secret comes to have ended already: %j", async (more) => {
    const { update, get } = await registered({ redirectUris }, 1_900_000_000);
    const before = await get();
    await expect(update({}, [], { ...more, clientSecretExpiresAt: 1_800_000_000 })).rejects.toEqual(
      code("invalid_client_metadata"),
    );
    expect(await get()).toEqual(before);
  });

  test("access tokens are signed as the ID token is, for as long as nothing else was asked for", async () => {
    const { update } = await registered({ redirectUris });
    const idTokenOnly = await update({ idTokenSignedResponseAlg: "ES256" }, ["id_token_signed_response_alg"]);
    expect(idTokenOnly.client?.metadata).toMatchObject({ idTokenSignedResponseAlg: "ES256", accessTokenSignedResponseAlg: "" });
    const member = "access_token_signed_response_alg";
    await update({ accessTokenSignedResponseAlg: "PS256" }, [member]);
    const asked = await update({ idTokenSignedResponseAlg: "EdDSA" }, ["id_token_signed_response_alg"]);
    expect(asked.client?.metadata?.accessTokenSignedResponseAlg).toBe("PS256");
    expect((await update({}, [member])).client?.metadata?.accessTokenSignedResponseAlg).toBe("");
  });

  test.each(["client_id", "clientName", "secret_hash", "__proto__", "constructor", ""])(
    "refuses the member %j, which is none of the metadata",
    async (member) => {
      const { update } = await registered({ redirectUris });
      await expect(update({}, [member])).rejects.toEqual(kind("invalid"));
    },
  );

  test("loses none of several changes at once", async () => {
    const { update, get } = await registered({ redirectUris });
    const replies = await Promise.all([
      update({ clientName: "App" }, ["client_name"]),
      update({ contacts: ["ops@app.example"] }, ["contacts"]),
      update({ scope: "openid" }, ["scope"]),
      update({ logoUri: "https://app.example/logo" }, ["logo_uri"]),
      update({ refreshTokens: 2 }, ["refresh_tokens"]),
      update({}, [], { rotateSecret: true }),
    ]);
    const { client, clientSecret } = await get();
    expect(client?.metadata).toMatchObject({
      clientName: "App",
      contacts: ["ops@app.example"],
      scope: "openid",
      logoUri: "https://app.example/logo",
      refreshTokens: 2,
    });
    expect(replies.map((reply) => reply.clientSecret)).toContain(clientSecret);
  });
});
