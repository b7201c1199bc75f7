import { registry } from "@signet/contracts";
import { defaultRegistrationSettings, hashSecret, laterClientMetadata, ResourceError } from "@signet/protocol";
import { clientFromProto, tenantFromProto } from "@signet/registry-client";
import { describe, expect, test } from "vitest";
import { openRegistry } from "../testing/open-registry.ts";

const redirectUris = ["https://app.example/callback"];

async function replies() {
  const { client } = openRegistry();
  const patch = { collection: "staff", refreshTokens: 2, branding: { name: "Acme", accentColor: "#0a0b0c" } } as const;
  const { tenant } = await client.createTenant({ name: "acme", patch });
  const created = await client.createClient({
    tenant: "acme",
    clientSecretExpiresAt: 1_900_000_000,
    metadata: {
      redirectUris,
      scope: "openid roles",
      clientName: "App",
      logoUri: "https://app.example/logo",
      scopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
      refreshTokens: 1,
    },
  });
  if (tenant === undefined || created.client === undefined) throw new Error("the replies have a tenant and a client");
  return { tenant, client: created.client, secret: created.clientSecret };
}

const metadata = {
  redirectUris,
  postLogoutRedirectUris: [],
  grantTypes: ["authorization_code"],
  responseTypes: ["code"],
  applicationType: "web",
  idTokenSignedResponseAlg: "RS256",
  accessTokenFormat: "jwt",
  contacts: [],
};

describe("tenantFromProto", () => {
  test("gives the tenant of the rules, frozen through and through", async () => {
    const { tenant: message } = await replies();
    const tenant = tenantFromProto(message);
    expect(tenant).toStrictEqual({
      id: message.id,
      name: "acme",
      settings: {
        collection: "staff",
        tokenTimeout: 3_600_000,
        idTokenTimeout: 3_600_000,
        refreshTimeout: 2_592_000_000,
        sessionTimeout: 86_400_000,
        refreshTokens: "always",
        requirePkce: false,
        registration: defaultRegistrationSettings,
      },
      branding: { name: "Acme", accentColor: "#0a0b0c" },
    });
    expect([tenant, tenant.settings, tenant.branding].every(Object.isFrozen)).toBe(true);
  });

  test.each<[string, Partial<registry.Tenant>]>([
    ["without an id", { id: "" }],
    ["with a name that no tenant has", { name: "V1" }],
    ["without settings", { settings: undefined }],
    ["with settings that no tenant has", { settings: registry.TenantSettings.create({}) }],
    ["with branding that no tenant has", { branding: { name: "x", logoUri: "javascript:x" } }],
  ])("calls a tenant %s the registry's fault", async (_what, members) => {
    const { tenant } = await replies();
    expect(() => tenantFromProto({ ...tenant, ...members })).toThrow("the registry sent a tenant that cannot be read");
  });
});

describe("clientFromProto", () => {
  test("gives the client of the rules, frozen through and through", async () => {
    const { client: message, secret } = await replies();
    const client = clientFromProto(message);
    expect(client).toStrictEqual({
      id: message.clientId,
      tenantId: message.tenantId,
      metadata: {
        ...metadata,
        ...laterClientMetadata,
        tokenEndpointAuthMethod: "client_secret_basic",
        clientName: "App",
        scope: ["openid", "roles"],
        logoUri: "https://app.example/logo",
        customScopes: [{ name: "roles", description: "User roles", fields: ["roles"] }],
        refreshTokens: "offline_access",
      },
      secretHash: hashSecret(secret),
      secretExpiresAt: 1_900_000_000_000,
    });
    const { customScopes, redirectUris: uris } = client.metadata;
    expect([client, client.metadata, uris, customScopes, customScopes[0], customScopes[0]?.fields].every(Object.isFrozen)).toBe(
      true,
    );
  });

  test("leaves out what a client does not have", async () => {
    const { client: message } = await replies();
    const plain = registry.ClientMetadata.create({ ...metadata, tokenEndpointAuthMethod: "none" });
    const client = clientFromProto({ ...message, metadata: plain, secretHash: Buffer.alloc(0), clientSecretExpiresAt: 0 });
    expect(client).toStrictEqual({
      id: message.clientId,
      tenantId: message.tenantId,
      metadata: { ...metadata, ...laterClientMetadata, tokenEndpointAuthMethod: "none", clientName: "", customScopes: [] },
    });
  });

  test.each<[string, Partial<registry.Client>]>([
    ["without an id", { clientId: "" }],
    ["without a tenant", { tenantId: "" }],
    ["without metadata", { metadata: undefined }],
    ["with metadata that no client has", { metadata: registry.ClientMetadata.create({ redirectUris: ["javascript:x"] }) }],
    ["with half a hash", { secretHash: Buffer.alloc(16) }],
    ["with a secret that ends at no point in time", { clientSecretExpiresAt: -1 }],
  ])("calls a client %s the registry's fault, not the caller's", async (_what, members) => {
    const { client } = await replies();
    const read = () => clientFromProto({ ...client, ...members });
    expect(read).toThrow("the registry sent a client that cannot be read");
    expect(read).not.toThrow(ResourceError);
  });
});
