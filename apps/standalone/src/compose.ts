import {
  createAuthService,
  createPasswordHasher,
  createSignInGuard,
  createSignOutDelivery,
  onClientDeleted,
  onTenantDeleted as onTenantDeletedAtAuth,
  type TokenClient,
  untoldListeners,
} from "@signet/auth";
import { createAddressGuard, createRegistryService } from "@signet/client-registry";
import type { StandaloneConfig } from "@signet/config";
import { auth, registry, token } from "@signet/contracts";
import { createGateway, type RequestListener } from "@signet/gateway";
import { createOutbound } from "@signet/outbound";
import { logErrors } from "@signet/process/log-errors";
import { pooledRandom } from "@signet/process/pooled-random";
import { steadyClock } from "@signet/process/steady-clock";
import { type Clock, defaultTenantName, instant } from "@signet/protocol";
import { createDirectory, createSubjects } from "@signet/registry-client";
import { inProcessClient, observedService, type Service } from "@signet/rpc";
import { createSealer } from "@signet/sealing";
import { observedStores, type Stores } from "@signet/storage";
import type { Logger, Telemetry } from "@signet/telemetry";
import {
  createSigningKeys,
  createTokenService,
  keyChangeListener,
  onTenantDeleted as onTenantDeletedAtToken,
} from "@signet/token";
import { type FirstRun, firstRun } from "./first-run.ts";
import { readKeyEncryptionKeys } from "./key-encryption-key.ts";

export interface CompositionOptions {
  readonly config: StandaloneConfig;
  readonly stores: Stores;
  readonly logger: Logger;
  /** Who hears of requests, calls and operations; nobody unless given. */
  readonly observers?: Partial<Omit<Telemetry, "logger" | "close">>;
  readonly clock?: Clock;
}

export interface Composition {
  readonly listener: RequestListener;
  readonly firstRun: FirstRun;
  /** After the last request: stops what runs by itself. The stores stay open. */
  close(): Promise<void>;
}

/** The gateway and the three services in one process, on channels without a network. */
export async function compose({
  config,
  stores: bareStores,
  logger,
  observers = {},
  clock: toldBy = () => instant(Date.now()),
}: CompositionOptions): Promise<Composition> {
  const { publicUrl, refreshGraceMilliseconds } = config;
  const clock = steadyClock(toldBy);
  const random = pooledRandom();
  const onError = logErrors(logger);
  const stores = observedStores(bareStores, observers.stores);

  function connect<Client>(service: Service): Client {
    const { definition, implementation } = observedService(service, observers.callsServed);
    return inProcessClient<Client>(definition, implementation, { onError });
  }

  const isInUse = (await stores.tenants.findByName(defaultTenantName)) !== undefined;
  const keys = readKeyEncryptionKeys({
    configured: config.keyEncryptionKey,
    previous: config.previousKeyEncryptionKey,
    folder: config.dataDir,
    isInUse,
    random,
  });
  const registrySealer = createSealer({ dataKeys: stores.registryDataKeys, ...keys, random });
  const tokenSealer = createSealer({ dataKeys: stores.tokenDataKeys, ...keys, random });

  // One for each service, as they have it in processes of their own: what anybody who registers a client has the registry ask, and keeps waiting, must not take the
  // room of clients' keys.
  const outboundOf = () => createOutbound({ allowedHosts: config.outboundAllowedHosts, clock });
  const registryService = createRegistryService({
    stores,
    sealer: registrySealer,
    clock,
    random,
    outbound: outboundOf(),
    addresses: createAddressGuard({ limits: config.addressLimits, rateLimits: stores.rateLimits, clock }),
  });
  const registryClient = connect<registry.ClientRegistryServiceClient>({
    definition: registry.ClientRegistryServiceDefinition,
    implementation: registryService,
  });
  const deleteTenantAtAuth = onTenantDeletedAtAuth({ stores });
  const deleteTenantAtToken = onTenantDeletedAtToken({ stores, sealer: tokenSealer });
  const directory = createDirectory({
    registry: registryClient,
    clock,
    onLookUp: observers.onLookUp,
    onError: (error) => logger.warn({ err: error }, "the registry's changes cannot be followed at the moment"),
    onClientDeleted: onClientDeleted({ stores }),
    onTenantDeleted: async (tenant) => {
      await Promise.all([deleteTenantAtAuth(tenant), deleteTenantAtToken(tenant)]);
    },
  });
  directory.start();
  const subjects = createSubjects({ registry: registryClient });

  const passwords = createPasswordHasher();
  observers.watchQueue?.("passwords", () => passwords.waiting);
  // The two services call each other: whichever is made first gets to know the other a moment later.
  const tokens: TokenClient = {
    endSession: (request, options) => tokenClient.endSession(request, options),
    readIdTokenHint: (request, options) => tokenClient.readIdTokenHint(request, options),
    signLogoutToken: (request, options) => tokenClient.signLogoutToken(request, options),
  };
  const signIns = createSignInGuard({ limits: config.signInLimits, rateLimits: stores.rateLimits, clock });
  const signOutDelivery = createSignOutDelivery({
    stores,
    directory,
    tokens,
    clock,
    // Of its own: receivers that hang must not take the room of documents that somebody waits for.
    outbound: outboundOf(),
    ...untoldListeners({ logger, onUntold: observers.onUntold }),
    onError: (error) => logger.warn({ err: error }, "what is left to do after sign-outs could not be looked at"),
  });
  const authDependencies = {
    stores,
    directory,
    subjects,
    tokens,
    passwords,
    signIns,
    clock,
    random,
    outbound: outboundOf(),
    signOutDelivery,
    publicUrl,
  };
  const authService = createAuthService(authDependencies);
  const authClient = connect<auth.AuthServiceClient>({ definition: auth.AuthServiceDefinition, implementation: authService });
  const signingKeys = createSigningKeys({
    store: stores.signingKeys,
    sealer: tokenSealer,
    clock,
    isShared: false,
    jwksMaxAgeSeconds: config.jwksMaxAgeSeconds,
    rotationDays: config.keyRotationDays,
    onChange: keyChangeListener({ logger, onKeyChange: observers.onKeyChange }),
    onError: (error) => logger.warn({ err: error }, "signing keys could not be looked after"),
  });
  signingKeys.start();
  const tokenService = createTokenService({
    clientLimits: config.clientLimits,
    signingKeys,
    stores,
    directory,
    subjects,
    auth: authClient,
    sealer: tokenSealer,
    clock,
    random,
    outbound: outboundOf(),
    publicUrl,
    refreshGraceMilliseconds,
  });
  const tokenClient = connect<token.TokenServiceClient>({
    definition: token.TokenServiceDefinition,
    implementation: tokenService,
  });
  signOutDelivery.start();

  const gateway = createGateway({
    auth: authClient,
    tokens: tokenClient,
    registry: registryClient,
    directory,
    logger,
    observer: observers.requests,
    publicUrl,
    proxies: config.proxies,
    https: config.https,
    requestsAtATime: config.requestsAtATime,
    async waitingFor() {
      await stores.tenants.findByName(defaultTenantName);
      return [];
    },
  });
  return {
    firstRun: await firstRun({ config, stores, sealer: registrySealer, directory, passwords, clock, random }),
    listener: gateway.listener,
    async close() {
      await gateway.close();
      await signOutDelivery.close();
      await Promise.all([signingKeys.close(), directory.close()]);
    },
  };
}
