import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { registry } from "@signet/contracts";
import { hashSecret, type OAuthError, ResourceError } from "@signet/protocol";
import { describe, expect, test } from "vitest";
import { errorOf, kind, redirectUris } from "../testing/open-registry.ts";
import { type Metadata, openTenant, registered } from "../testing/registered-client.ts";

const code = (code: OAuthError["code"]) => expect.objectContaining({ name: "OAuthError", code });

describe("CreateClient", () => {
  test("gives a client id of 24 hex digits, the metadata with its defaults, and a secret of 256 bits", async () => {
    const { client, time } = await openTenant();
    const { client: created, clientSecret } = await client.createClient({ tenant: "acme", metadata: { redirectUris } });
    expect(created).toEqual({
      assertionSecret: "",
      clientId: expect.stringMatching(/^[0-9a-f]{24}$/),
      tenantId: (await client.getTenant({ name: "acme" })).tenant?.id,
      metadata: {
        ...registry.ClientMetadata.create(),
        redirectUris,
        grantTypes: ["authorization_code"],
        responseTypes: ["code"],
        tokenEndpointAuthMethod: "client_secret_basic",
        applicationType: "web",
        idTokenSignedResponseAlg: "RS256",
        accessTokenFormat: "jwt",
        subjectType: "public",
      },
      secretHash: Buffer.from(hashSecret(clientSecret), "base64url"),
      createdAt: time.now,
      updatedAt: time.now,
      clientSecretExpiresAt: 0,
      expiresAt: 0,
      selfRegistered: false,
    });
    expect(clientSecret).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });

  test("keeps all that is given", async () => {
    const metadata: Metadata = {
      redirectUris: ["com.example.app:/cb", "http://localhost:8080"],
      postLogoutRedirectUris: ["http://localhost:8082"],
      grantTypes: ["authorization_code", "refresh_token", "client_credentials"],
      responseTypes: ["code"],
      tokenEndpointAuthMethod: "client_secret_post",
      applicationType: "native",
      scope: "openid email roles",
      idTokenSignedResponseAlg: "ES256",
      accessTokenFormat: "opaque",
      accessTokenSignedResponseAlg: "PS256",
      clientName: "Ä <b>",
      logoUri: "https://app.example/logo",
      clientUri: "https://app.example/",
      policyUri: "https://app.example/policy",
      tosUri: "https://app.example/tos",
      contacts: ["ops@app.example"],
      scopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
      refreshTokens: 2,
    };
    const { created, get } = await registered(metadata, 1_900_000_000);
    expect(created).toMatchObject({ metadata, clientSecretExpiresAt: 1_900_000_000 });
    expect((await get()).client).toEqual(created);
  });

  test("gives a public client no secret", async () => {
    const { created, secret, get } = await registered({ redirectUris, tokenEndpointAuthMethod: "none" }, 1_900_000_000);
    expect({ secret, hash: created.secretHash.length, expiresAt: created.clientSecretExpiresAt }).toEqual({
      secret: "",
      hash: 0,
      expiresAt: 0,
    });
    expect((await get()).clientSecret).toBe("");
  });

  test.each<[string, Metadata, OAuthError["code"]]>([
    ["no metadata at all", {}, "invalid_redirect_uri"],
    ["R3: a host that only looks local", { redirectUris: ["http://localhost.evil.test"] }, "invalid_redirect_uri"],
    ["R6: a javascript: redirect URI", { redirectUris: ["javascript:alert(1)"] }, "invalid_redirect_uri"],
    ["R7: a wildcard", { redirectUris: ["https://*.app.example/cb"] }, "invalid_redirect_uri"],
    ["B6: a javascript: logo", { redirectUris, logoUri: "javascript:alert(1)" }, "invalid_client_metadata"],
    [
      "G1: an unknown grant type",
      { redirectUris, grantTypes: ["urn:ietf:params:oauth:grant-type:token-exchange"] },
      "invalid_client_metadata",
    ],
    [
      "a public client with client_credentials",
      { grantTypes: ["client_credentials"], tokenEndpointAuthMethod: "none" },
      "invalid_client_metadata",
    ],
  ])("refuses %s, and keeps nothing", async (_what, metadata, expected) => {
    const { client } = await openTenant();
    await expect(client.createClient({ tenant: "acme", metadata })).rejects.toEqual(code(expected));
    expect((await client.listClients({ tenant: "acme" })).clients).toEqual([]);
  });

  test("refuses a secret that ends at no point in time", async () => {
    const { client } = await openTenant();
    const request = { tenant: "acme", metadata: { redirectUris }, clientSecretExpiresAt: -1 };
    await expect(client.createClient(request)).rejects.toEqual(code("invalid_client_metadata"));
  });
});

describe("GetClient", () => {
  test("shows the secret only where it is asked for", async () => {
    const { client, id, secret, created } = await registered({ redirectUris });
    expect(await client.getClient(id)).toEqual({ client: created, clientSecret: "" });
    expect(await client.getClient({ ...id, revealSecret: true })).toEqual({ client: created, clientSecret: secret });
  });

  test("T1: another tenant's client is as unknown as one that does not exist, to every call", async () => {
    const { client, id, get } = await registered({ redirectUris });
    const before = await get();
    await client.createTenant({ name: "umbrella" });
    const answers = [];
    for (const clientId of [
      id.clientId,
      "0123456789abcdef01234567",
      "",
      "x",
      id.clientId.toUpperCase().replaceAll(/[0-9]/g, "A"),
    ]) {
      const other = { tenant: "umbrella", clientId };
      answers.push(
        await errorOf(client.getClient({ ...other, revealSecret: true })),
        await errorOf(
          client.updateClient({ ...other, metadata: { clientName: "x" }, members: ["client_name"], rotateSecret: true }),
        ),
        await errorOf(client.deleteClient(other)),
      );
    }
    expect(answers).toHaveLength(15);
    for (const answer of answers) expect(answer).toEqual(new ResourceError("not_found", "there is no client of that client_id"));
    expect(await get()).toEqual(before);
  });
});

describe("DeleteClient", () => {
  test("ends the client once", async () => {
    const { client, id } = await registered({ redirectUris });
    expect(await client.deleteClient(id)).toEqual({});
    await expect(client.getClient(id)).rejects.toEqual(kind("not_found"));
    await expect(client.deleteClient(id)).rejects.toEqual(kind("not_found"));
    await expect(client.updateClient({ ...id, metadata: {}, members: [] })).rejects.toEqual(kind("not_found"));
  });

  test("of ten that delete it at once one does", async () => {
    const { client, id } = await registered({ redirectUris });
    const results = await Promise.allSettled(Array.from({ length: 10 }, () => client.deleteClient(id)));
    expect(results.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });
});

describe("ListClients", () => {
  test("gives the tenant's clients by id, page by page, with their secrets where they are asked for", async () => {
    const { client } = await openTenant();
    await client.createTenant({ name: "umbrella" });
    await client.createClient({ tenant: "umbrella", metadata: { redirectUris } });
    const created = await Promise.all(
      Array.from({ length: 5 }, () => client.createClient({ tenant: "acme", metadata: { redirectUris } })),
    );
    const expected = created.toSorted((one, other) => ((one.client?.clientId ?? "") < (other.client?.clientId ?? "") ? -1 : 1));

    const first = await client.listClients({ tenant: "acme", page: { limit: 3 }, revealSecrets: true });
    const second = await client.listClients({
      tenant: "acme",
      page: { limit: 3, cursor: first.nextCursor },
      revealSecrets: true,
    });
    expect([first.clients, second.clients]).toEqual([expected.slice(0, 3), expected.slice(3)]);
    expect(second.nextCursor).toBe("");

    const { clients } = await client.listClients({ tenant: "acme" });
    expect(clients).toEqual(expected.map((reply) => ({ ...reply, clientSecret: "" })));
  });

  test.each([{ cursor: "0123456789abcdef01234567" }, { cursor: "Li4" }, { limit: 201 }])("Q9: refuses %j", async (page) => {
    const { client } = await openTenant();
    await expect(client.listClients({ tenant: "acme", page })).rejects.toEqual(kind("invalid"));
  });
});

test("K8: neither secrets nor registration tokens stand in the database", async () => {
  const { client, folder, secret } = await registered({ redirectUris, clientName: "findable" });
  const { registrationToken } = await client.getRegistrationToken({ name: "acme" });
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = Buffer.concat(files.map((file) => readFileSync(join(file.parentPath, file.name))));
  expect(contents.includes("findable")).toBe(true);
  for (const shown of [secret, registrationToken]) {
    expect(contents.includes(shown)).toBe(false);
    expect(contents.includes(Buffer.from(shown, "base64url"))).toBe(false);
  }
});
