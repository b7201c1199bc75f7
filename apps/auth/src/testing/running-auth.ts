import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { auth, type token } from "@signet/contracts";
import { createOutbound } from "@signet/outbound";
import {
  type Client,
  type ClientMetadataDraft,
  type CustomScope,
  defaultTenantSettings,
  hashSecret,
  type Instant,
  idTokenHintRefused,
  instant,
  later,
  newClientId,
  newSecret,
  newTenantId,
  newUserId,
  parseClientMetadata,
  parseNewPassword,
  parseTenantName,
  type Tenant,
  type TenantSettings,
  usernameIdentifier,
} from "@signet/protocol";
import { createSubjects, type Directory } from "@signet/registry-client";
import { inProcessClient } from "@signet/rpc";
import type { AuthStores, SignOutTask, StoredUser } from "@signet/storage";
import { type EmbeddedStores, openEmbeddedStores } from "@signet/storage-embedded";
import { onTestFinished } from "vitest";
import type { AuthDependencies, TokenClient } from "../auth-dependencies.ts";
import { createAuthService } from "../create-auth-service.ts";
import { createSignInGuard, type SignInLimits } from "../limits/sign-in-limits.ts";
import { createPasswordHasher, type PasswordHasher } from "../passwords/password-hasher.ts";
import { createSignOutDelivery, type SignOutDelivery, type SignOutDeliveryLimits } from "../sign-out/sign-out-delivery.ts";

/** What the registry holds: tests put in it what they need. */
export interface Registered {
  readonly tenants: Map<string, Tenant>;
  readonly clients: Map<string, Client>;
}

/** The service on its real stores, with a clock that stands still until it is moved. */
export interface RunningAuth {
  readonly auth: auth.AuthServiceClient;
  readonly dependencies: AuthDependencies;
  readonly stores: EmbeddedStores;
  readonly registered: Registered;
  /** What the token service was asked for, and what it answers. */
  readonly tokens: TokenAnswers;
  /** Not started: nobody is told before a test does. */
  readonly signOutDelivery: SignOutDelivery;
  /** The default tenant. */
  readonly tenant: Tenant;
  now(): Instant;
  advance(milliseconds: number): void;
  addTenant(name: string, settings?: Partial<TenantSettings>): Tenant;
  /** A confidential web application of the default tenant, unless said otherwise. */
  addClient(draft?: ClientMetadataDraft, tenant?: Tenant): Client;
  /** Ann of the default tenant, whose password is `password`, unless said otherwise. */
  addUser(members?: Partial<StoredUser>): Promise<StoredUser>;
}

/** The token service's part, as data. */
export interface TokenAnswers {
  /** The `sid`s of the sessions that were ended. */
  readonly endedSessions: string[];
  /** What was to be told to applications, and was given up. */
  readonly givenUp: SignOutTask[];
  /** How many were not told because too many waited, by the names of their tenants. */
  readonly crowdedOut: { readonly name: string; readonly count: number }[];
  /** By the ID tokens; one that is not there is refused, as one that was tampered with. */
  readonly hints: Map<string, token.ReadIdTokenHintResponse>;
  /** Is told of every call before it is answered; what it throws is the answer. */
  onCall: (method: keyof TokenClient) => void;
}

export const publicUrl = "https://id.example";
export const password = "correct horse battery";

const hasher = createPasswordHasher();
/** Computed once: a hash costs more than all the rest of a test. */
const passwordHash = await hasher.hash(parseNewPassword(password));

/** What a test wants otherwise than `startAuth` has it. */
export interface AuthChanges {
  readonly passwords?: PasswordHasher;
  /** Hosts of receivers, which may be of this machine. */
  readonly allowedHosts?: readonly string[];
  readonly signOutLimits?: Partial<SignOutDeliveryLimits>;
  /** None unless given. */
  readonly signInLimits?: SignInLimits;
  /** Stores in place of some of the embedded ones. */
  readonly stores?: Partial<AuthStores>;
}

export function startAuth(changes: AuthChanges = {}): RunningAuth {
  let now = instant(1_800_000_000_000);
  const folder = mkdtempSync(join(tmpdir(), "signet-auth-"));
  const embedded = openEmbeddedStores({ folder });
  const stores = { ...embedded, ...changes.stores };
  onTestFinished(() => {
    embedded.close();
    rmSync(folder, { recursive: true });
  });

  const registered: Registered = { tenants: new Map(), clients: new Map() };
  const directory: Directory = {
    tenant: async (name) => registered.tenants.get(name),
    async client(tenant, clientId) {
      const client = registered.clients.get(clientId);
      return client?.tenantId === tenant.id ? client : undefined;
    },
  };
  const subjectSecret = randomBytes(32);
  const subjects = createSubjects({
    registry: {
      getSubjectSecret: async ({ name = "" }) => ({ tenantId: registered.tenants.get(name)?.id ?? "", secret: subjectSecret }),
    },
  });
  const tokens: TokenAnswers = { endedSessions: [], givenUp: [], crowdedOut: [], hints: new Map(), onCall: () => {} };
  const tokenClient = answering(tokens);
  const clock = () => now;
  const signOutDelivery = createSignOutDelivery({
    stores,
    directory,
    tokens: tokenClient,
    clock,
    outbound: createOutbound({ allowedHosts: changes.allowedHosts ?? [], clock }),
    onGivenUp: (task) => tokens.givenUp.push(task),
    onCrowdedOut: ({ name }, count) => tokens.crowdedOut.push({ name, count }),
    limits: changes.signOutLimits ?? {},
    onError: (error) => {
      throw error;
    },
  });
  onTestFinished(() => signOutDelivery.close());
  const dependencies: AuthDependencies = {
    stores,
    directory,
    subjects,
    tokens: tokenClient,
    signOutDelivery,
    passwords: changes.passwords ?? hasher,
    signIns: createSignInGuard({
      limits: changes.signInLimits ?? { perAccount: undefined, perAddress: undefined },
      rateLimits: stores.rateLimits,
      clock: () => now,
    }),
    clock: () => now,
    random: randomBytes,
    outbound: createOutbound({ allowedHosts: [], clock: () => now }),
    publicUrl,
  };

  const addTenant = (name: string, settings: Partial<TenantSettings> = {}): Tenant => {
    const tenant = exampleTenant(name, settings);
    registered.tenants.set(name, tenant);
    return tenant;
  };
  const tenant = addTenant("default");

  return {
    auth: inProcessClient<auth.AuthServiceClient>(auth.AuthServiceDefinition, createAuthService(dependencies)),
    dependencies,
    stores,
    registered,
    tokens,
    signOutDelivery,
    tenant,
    now: () => now,
    advance(milliseconds) {
      now = later(now, milliseconds);
    },
    addTenant,
    addClient(draft = {}, owner = tenant) {
      const client = exampleClient(owner, draft);
      registered.clients.set(client.id, client);
      return client;
    },
    async addUser(members = {}) {
      const user = exampleUser(tenant, members, now);
      if ((await stores.users.create(user)) !== "created") throw new Error("the user exists");
      return user;
    },
  };
}

function answering(tokens: TokenAnswers): TokenClient {
  return {
    async endSession({ sid = "" }) {
      tokens.onCall("endSession");
      tokens.endedSessions.push(sid);
      return {};
    },
    async readIdTokenHint({ idToken = "" }) {
      tokens.onCall("readIdTokenHint");
      const hint = tokens.hints.get(idToken);
      if (hint === undefined) throw idTokenHintRefused("not one of the test's");
      return hint;
    },
    async signLogoutToken({ clientId = "", userId = "", sid = "" }) {
      tokens.onCall("signLogoutToken");
      return { logoutToken: JSON.stringify({ clientId, userId, sid }) };
    },
  };
}

/** An update of the client: its custom scopes become these. */
export function redefineScopes({ registered }: RunningAuth, client: Client, customScopes: readonly CustomScope[]): void {
  registered.clients.set(client.id, { ...client, metadata: { ...client.metadata, customScopes } });
}

function exampleTenant(name: string, settings: Partial<TenantSettings>): Tenant {
  const parsed = parseTenantName(name);
  if (parsed === undefined) throw new Error(`${name} is no tenant's name`);
  return {
    id: newTenantId(randomBytes),
    name: parsed,
    settings: { ...defaultTenantSettings, ...settings },
    branding: { name: `The tenant ${name}`, accentColor: "#123456" },
  };
}

function exampleClient(tenant: Tenant, draft: ClientMetadataDraft): Client {
  return {
    id: newClientId(randomBytes),
    tenantId: tenant.id,
    metadata: parseClientMetadata({ redirectUris: ["https://app.example/cb"], clientName: "The app", ...draft }),
    secretHash: hashSecret(newSecret(randomBytes)),
  };
}

function exampleUser(tenant: Tenant, members: Partial<StoredUser>, now: Instant): StoredUser {
  const username = members.username ?? "ann";
  const identifier = usernameIdentifier(username);
  if (identifier === undefined) throw new Error(`${username} is no username`);
  return {
    id: newUserId(randomBytes),
    tenantId: tenant.id,
    collection: "users",
    username,
    emailVerified: false,
    identifiers: [identifier],
    claims: { name: "Ann Example" },
    roles: [],
    attributes: {},
    blocked: false,
    epoch: 3,
    passwordHash,
    createdAt: now,
    updatedAt: now,
    version: 1,
    ...members,
  };
}
