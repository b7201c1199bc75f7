import type { TokenConfig } from "@signet/config";
import { auth, registry, token } from "@signet/contracts";
import {
  openChannel,
  pooledRandom,
  type RunningProgram,
  requireKey,
  requireServing,
  type Surroundings,
  startService,
  usable,
  warnSparingly,
} from "@signet/process";
import { defaultTenantName, instant } from "@signet/protocol";
import { createDirectory, createSubjects, requireTenant } from "@signet/registry-client";
import { configuredKeys, createSealer } from "@signet/sealing";
import { observedStores } from "@signet/storage";
import { openMongoStores } from "@signet/storage-mongo";
import { openRedisStores } from "@signet/storage-redis";
import { methodCallers } from "./callers.ts";
import { composeToken } from "./compose-token.ts";
import { onTenantDeleted } from "./deletions.ts";

/** Tokens and keys as a process of its own, on MongoDB and Redis. */
export async function start(config: TokenConfig, { telemetry, clock, hear }: Surroundings): Promise<RunningProgram> {
  const { logger } = telemetry;
  const mongodb = usable("SIGNET_MONGODB_URL", () => openMongoStores({ url: config.mongodbUrl }));
  const { redisUrl: url, redisPrefix: prefix } = config;
  const redis = usable("SIGNET_REDIS_URL", () =>
    openRedisStores({ url, prefix, clock, onError: warnSparingly(logger, "Redis is away") }),
  );
  const stores = observedStores({ ...mongodb, ...redis }, telemetry.stores);
  const random = pooledRandom();
  const sealer = createSealer({ dataKeys: stores.tokenDataKeys, ...configuredKeys(config), random });
  const registryChannel = openChannel(config.registryUrl, config, telemetry);
  const authChannel = openChannel(config.authUrl, config, telemetry);
  const registryClient = registryChannel.client<registry.ClientRegistryServiceClient>(registry.ClientRegistryServiceDefinition);
  const directory = createDirectory({
    registry: registryClient,
    clock,
    onLookUp: telemetry.onLookUp,
    onError: warnSparingly(logger, "the registry's changes cannot be followed at the moment"),
    onTenantDeleted: onTenantDeleted({ stores, sealer }),
  });
  const { service, ...own } = composeToken({
    config,
    stores,
    directory,
    subjects: createSubjects({ registry: registryClient }),
    auth: authChannel.client<auth.AuthServiceClient>(auth.AuthServiceDefinition),
    sealer,
    clock,
    random,
    isShared: true,
    telemetry,
  });
  directory.start();
  own.start();

  return startService({
    config,
    telemetry,
    definition: token.TokenServiceDefinition,
    implementation: service,
    methods: methodCallers,
    needs: {
      mongodb: async () => hear("mongodb", await mongodb.ready()),
      redis: async () => hear("redis", await redis.ready()),
      "client-registry": () => requireTenant(defaultTenantName, directory),
    },
    needsAtStart: { auth: () => requireServing(authChannel) },
    async prepare() {
      const { id } = await requireTenant(defaultTenantName, directory);
      await requireKey(() => sealer.check(id));
      // From the beginning of the second on: assertions say in whole seconds when they were made, and the first may come within this one.
      await stores.replays.begin(instant(Math.floor(clock() / 1000) * 1000));
    },
    async close() {
      await Promise.all([own.close(), directory.close()]);
      authChannel.close();
      registryChannel.close();
      await Promise.all([mongodb.close(), redis.close()]);
    },
  });
}
