import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auth, token } from "@signet/contracts";
import { createOutbound } from "@signet/outbound";
import {
  type Client,
  type ClientMetadataDraft,
  type CustomScope,
  defaultTenantName,
  defaultTenantSettings,
  hashSecret,
  type Instant,
  instant,
  later,
  newClientId,
  newGrantId,
  newSecret,
  newSessionPublicId,
  newTenantId,
  newUserId,
  parseClientMetadata,
  parseTenantName,
  ResourceError,
  type SentParameter,
  type Tenant,
  type TenantSettings,
} from "@signet/protocol";
import { createSubjects, type Directory } from "@signet/registry-client";
import { inProcessClient } from "@signet/rpc";
import { createSealer, generateKeyEncryptionKey, type KeyEncryptionKey } from "@signet/sealing";
import { openEmbeddedStores } from "@signet/storage-embedded";
import type { CallOptions } from "nice-grpc-common";
import { onTestFinished } from "vitest";
import { createTokenService } from "../create-token-service.ts";
import type { AuthClient } from "../grants/grant.ts";
import { createSigningKeys } from "../keys/signing-keys.ts";

export const publicUrl = "https://id.example";
export const start = instant(1_800_000_000_000);
export const refreshGraceMilliseconds = 10_000;

/** What the auth service would answer: codes and users are the tests' input. */
export interface AuthAnswers {
  readonly codes: Map<string, NonNullable<auth.RedeemCodeResponse["outcome"]>>;
  /** A user that is not there is NOT_FOUND, as one that was deleted. */
  readonly users: Map<string, auth.GetUserClaimsResponse>;
  /** Is told of every call before it is answered; what it throws is the answer. */
  onCall: (options: CallOptions) => void;
}

/** The secret that every confidential client of these tests has. */
export const clientSecret = newSecret(randomBytes);

/**
 * The token service over real embedded stores in a folder of its own, with a clock that stands until it is moved. The registry's and the auth
 * service's answers are data that a test puts there.
 */
export function openTokenService() {
  const folder = mkdtempSync(join(tmpdir(), "signet-token-"));
  let now: Instant = start;
  const clock = () => now;
  /** The current one, and others that are known. */
  let keyEncryptionKeys: readonly [KeyEncryptionKey, ...KeyEncryptionKey[]] = [generateKeyEncryptionKey(randomBytes)];
  const tenants = new Map<string, Tenant>();
  const clients = new Map<string, Client>();
  const answers: AuthAnswers = { codes: new Map(), users: new Map(), onCall: () => {} };

  const directory: Directory = {
    tenant: async (name) => tenants.get(name),
    client: async (tenant, clientId) => {
      const client = clients.get(clientId);
      return client?.tenantId === tenant.id ? client : undefined;
    },
  };
  const subjectSecret = randomBytes(32);
  const subjects = createSubjects({
    registry: {
      getSubjectSecret: async ({ name = "" }) => ({ tenantId: tenants.get(name)?.id ?? "", secret: subjectSecret }),
    },
  });
  const authClient: AuthClient = {
    async redeemCode({ code = "" }, options = {}) {
      answers.onCall(options);
      return { outcome: answers.codes.get(code) };
    },
    async getUserClaims({ userId = "", claims = [] }, options = {}) {
      answers.onCall(options);
      const user = answers.users.get(userId);
      if (user === undefined) throw new ResourceError("not_found", "there is no such user");
      const profile = Object.entries(JSON.parse(user.claims)).filter(([name]) => claims.includes(name));
      return { ...user, claims: JSON.stringify(Object.fromEntries(profile)) };
    },
  };

  /** Opens the stores and starts a service on them: a second replica, or after `close` the first one once more. */
  function open() {
    const stores = openEmbeddedStores({ folder });
    const [keyEncryptionKey, ...earlierKeyEncryptionKeys] = keyEncryptionKeys;
    const sealer = createSealer({
      dataKeys: stores.tokenDataKeys,
      keyEncryptionKey,
      earlierKeyEncryptionKeys,
      random: randomBytes,
    });
    const signingKeys = createSigningKeys({ store: stores.signingKeys, sealer, clock, isShared: true });
    const service = createTokenService({
      signingKeys,
      stores,
      directory,
      subjects,
      auth: authClient,
      sealer,
      clock,
      random: randomBytes,
      outbound: createOutbound({ allowedHosts: [], clock }),
      publicUrl,
      refreshGraceMilliseconds,
    });
    const tokens = inProcessClient<token.TokenServiceClient>(token.TokenServiceDefinition, service);
    return { stores, sealer, signingKeys, tokens };
  }

  let running = open();
  onTestFinished(() => {
    running.stores.close();
    rmSync(folder, { recursive: true, force: true });
  });

  return {
    answers,
    clock,
    folder,
    get stores() {
      return running.stores;
    },
    get sealer() {
      return running.sealer;
    },
    get signingKeys() {
      return running.signingKeys;
    },
    get tokens() {
      return running.tokens;
    },
    advance(milliseconds: number) {
      now = later(now, milliseconds);
    },
    get keyEncryptionKey() {
      return keyEncryptionKeys[0];
    },
    /** With the same key-encryption keys, or with others. */
    restart(...keys: readonly KeyEncryptionKey[]) {
      const [current, ...others] = keys;
      if (current !== undefined) keyEncryptionKeys = [current, ...others];
      running.stores.close();
      running = open();
    },
    addTenant(name: string = defaultTenantName, settings: Partial<TenantSettings> = {}): Tenant {
      const parsed = parseTenantName(name);
      if (parsed === undefined) throw new Error(`${name} is no name of a tenant`);
      const tenant: Tenant = {
        id: newTenantId(randomBytes),
        name: parsed,
        settings: { ...defaultTenantSettings, ...settings },
        branding: { name },
      };
      tenants.set(name, tenant);
      return tenant;
    },
    addClient(tenant: Tenant, draft: ClientMetadataDraft = {}): Client {
      const client: Client = {
        id: newClientId(randomBytes),
        tenantId: tenant.id,
        metadata: parseClientMetadata({
          redirectUris: ["https://app.example/cb"],
          grantTypes: ["authorization_code", "refresh_token"],
          idTokenSignedResponseAlg: "ES256",
          ...draft,
        }),
        ...(draft.tokenEndpointAuthMethod !== "none" && { secretHash: hashSecret(clientSecret) }),
      };
      clients.set(client.id, client);
      return client;
    },
    /** The client's custom scopes become these. */
    redefineScopes(client: Client, customScopes: readonly CustomScope[]): void {
      clients.set(client.id, { ...client, metadata: { ...client.metadata, customScopes } });
    },
    deleteClient: (client: Client) => clients.delete(client.id),
    addUser(claims: Record<string, unknown> = {}): string {
      const id = newUserId(randomBytes);
      answers.users.set(id, { blocked: false, epoch: 1, claims: JSON.stringify(claims) });
      return id;
    },
    /** A code that redeems for this grant, and the grant's id. */
    addCode(userId: string, grant: Partial<auth.RedeemedCode> = {}): { readonly code: string; readonly grantId: string } {
      const code = newSecret(randomBytes);
      const redeemed = auth.RedeemedCode.fromPartial({
        grantId: newGrantId(randomBytes, now),
        userId,
        scopes: ["openid", "offline_access"],
        requestedScopes: grant.scopes ?? ["openid", "offline_access"],
        authTime: start - 60_000,
        amr: ["pwd"],
        sid: newSessionPublicId(randomBytes),
        epoch: 1,
        ...grant,
      });
      answers.codes.set(code, { $case: "redeemed", value: redeemed });
      return { code, grantId: redeemed.grantId };
    },
    exchange(tenant: Tenant, client: Client, parameters: Record<string, string>): Promise<token.ExchangeResponse> {
      return running.tokens.exchange({
        tenant: tenant.name,
        parameters: sent(parameters),
        authentication: authenticationOf(client),
      });
    },
    redeem(tenant: Tenant, client: Client, code: string): Promise<token.ExchangeResponse> {
      return this.exchange(tenant, client, {
        grant_type: "authorization_code",
        code,
        redirect_uri: "https://app.example/cb",
      });
    },
    refresh(tenant: Tenant, client: Client, refreshToken: string | undefined, scope?: string): Promise<token.ExchangeResponse> {
      return this.exchange(tenant, client, {
        grant_type: "refresh_token",
        refresh_token: refreshToken ?? "",
        ...(scope !== undefined && { scope }),
      });
    },
    async userInfo(tenant: Tenant, accessToken: string): Promise<unknown> {
      return JSON.parse((await running.tokens.userInfo({ tenant: tenant.name, accessToken })).claims);
    },
    async introspect(tenant: Tenant, client: Client, presented: string | undefined): Promise<unknown> {
      const { reply } = await running.tokens.introspect({
        tenant: tenant.name,
        parameters: sent({ token: presented ?? "" }),
        authentication: authenticationOf(client),
      });
      return reply?.$case === "json" ? JSON.parse(reply.value) : reply;
    },
    async revoke(tenant: Tenant, client: Client, presented: string | undefined): Promise<void> {
      await running.tokens.revoke({
        tenant: tenant.name,
        parameters: sent({ token: presented ?? "" }),
        authentication: authenticationOf(client),
      });
    },
    async jwks(tenant: Tenant) {
      return JSON.parse((await running.tokens.jwks({ tenant: tenant.name })).jwks);
    },
  };
}

export function sent(parameters: Record<string, string>): SentParameter[] {
  return Object.entries(parameters).map(([name, value]) => ({ name, value }));
}

/** An auth service that answers every call with `error`. */
export function answering(error: Error): AuthAnswers["onCall"] {
  return () => {
    throw error;
  };
}

export function authenticationOf({ id, metadata }: Client): token.ClientAuthentication {
  const method = metadata.tokenEndpointAuthMethod;
  return token.ClientAuthentication.create({ method, clientId: id, clientSecret: method === "none" ? "" : clientSecret });
}
