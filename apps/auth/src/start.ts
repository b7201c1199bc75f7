import type { AuthConfig } from "@signet/config";
import { auth, registry, token } from "@signet/contracts";
import {
  openChannel,
  pooledRandom,
  type RunningProgram,
  type Surroundings,
  startService,
  usable,
  warnSparingly,
} from "@signet/process";
import { defaultTenantName } from "@signet/protocol";
import { createDirectory, createSubjects, requireTenant } from "@signet/registry-client";
import { observedStores } from "@signet/storage";
import { openMongoStores } from "@signet/storage-mongo";
import { openRedisStores } from "@signet/storage-redis";
import { methodCallers } from "./callers.ts";
import { composeAuth } from "./compose-auth.ts";
import { onClientDeleted, onTenantDeleted } from "./deletions.ts";
import { ensureAdministrator } from "./first-run.ts";

/** People and their sessions as a process of its own, on MongoDB and Redis. */
export async function start(config: AuthConfig, { telemetry, clock, hear }: Surroundings): Promise<RunningProgram> {
  const { logger } = telemetry;
  const mongodb = usable("SIGNET_MONGODB_URL", () => openMongoStores({ url: config.mongodbUrl }));
  const { redisUrl: url, redisPrefix: prefix } = config;
  const redis = usable("SIGNET_REDIS_URL", () =>
    openRedisStores({ url, prefix, clock, onError: warnSparingly(logger, "Redis is away") }),
  );
  const stores = observedStores({ ...mongodb, ...redis }, telemetry.stores);
  const registryChannel = openChannel(config.registryUrl, config, telemetry);
  const tokenChannel = openChannel(config.tokenUrl, config, telemetry);
  const registryClient = registryChannel.client<registry.ClientRegistryServiceClient>(registry.ClientRegistryServiceDefinition);
  const directory = createDirectory({
    registry: registryClient,
    clock,
    onLookUp: telemetry.onLookUp,
    onError: warnSparingly(logger, "the registry's changes cannot be followed at the moment"),
    onClientDeleted: onClientDeleted({ stores }),
    onTenantDeleted: onTenantDeleted({ stores }),
  });
  const { dependencies, service, ...own } = composeAuth({
    config,
    stores,
    directory,
    subjects: createSubjects({ registry: registryClient }),
    tokens: tokenChannel.client<token.TokenServiceClient>(token.TokenServiceDefinition),
    clock,
    random: pooledRandom(),
    telemetry,
  });
  directory.start();
  own.start();

  return startService({
    config,
    telemetry,
    definition: auth.AuthServiceDefinition,
    implementation: service,
    methods: methodCallers,
    needs: {
      mongodb: async () => hear("mongodb", await mongodb.ready()),
      redis: async () => hear("redis", await redis.ready()),
      "client-registry": () => requireTenant(defaultTenantName, directory),
    },
    async prepare() {
      await ensureAdministrator(dependencies, await requireTenant(defaultTenantName, directory), config.adminPassword);
    },
    async close() {
      await own.close();
      await directory.close();
      tokenChannel.close();
      registryChannel.close();
      await Promise.all([mongodb.close(), redis.close()]);
    },
  });
}
