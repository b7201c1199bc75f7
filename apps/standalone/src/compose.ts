import { composeAuth, onClientDeleted, onTenantDeleted as onTenantDeletedAtAuth, type TokenClient } from "@signet/auth";
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
import { composeToken, onTenantDeleted as onTenantDeletedAtToken } from "@signet/token";
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

  const registryService = createRegistryService({
    stores,
    sealer: registrySealer,
    clock,
    random,
    // Each service has its own: what anybody who registers a client has this one ask, and keeps waiting, must not take the room of clients' keys.
    outbound: createOutbound({ allowedHosts: config.outboundAllowedHosts, clock }),
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
  const telemetry = { ...observers, logger };
  const common = { config, stores, directory, subjects, clock, random, telemetry };

  // The two services call each other: whichever is made first gets to know the other a moment later.
  const tokens: TokenClient = {
    endSession: (request, options) => tokenClient.endSession(request, options),
    readIdTokenHint: (request, options) => tokenClient.readIdTokenHint(request, options),
    signLogoutToken: (request, options) => tokenClient.signLogoutToken(request, options),
  };
  const composedAuth = composeAuth({ ...common, tokens });
  const authClient = connect<auth.AuthServiceClient>({
    definition: auth.AuthServiceDefinition,
    implementation: composedAuth.service,
  });
  const composedToken = composeToken({ ...common, auth: authClient, sealer: tokenSealer, isShared: false });
  const tokenClient = connect<token.TokenServiceClient>({
    definition: token.TokenServiceDefinition,
    implementation: composedToken.service,
  });
  for (const service of [composedAuth, composedToken]) service.start();

  const gateway = createGateway({
    auth: authClient,
    tokens: tokenClient,
    registry: registryClient,
    directory,
    logger,
    observer: observers.requests,
    publicUrl: config.publicUrl,
    proxies: config.proxies,
    https: config.https,
    requestsAtATime: config.requestsAtATime,
    async waitingFor() {
      await stores.tenants.findByName(defaultTenantName);
      return [];
    },
  });
  const { passwords } = composedAuth.dependencies;
  return {
    firstRun: await firstRun({ config, stores, sealer: registrySealer, directory, passwords, clock, random }),
    listener: gateway.listener,
    async close() {
      await gateway.close();
      await composedAuth.close();
      await Promise.all([composedToken.close(), directory.close()]);
    },
  };
}
