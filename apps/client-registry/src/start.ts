import type { ClientRegistryConfig } from "@signet/config";
import { registry } from "@signet/contracts";
import { createOutbound } from "@signet/outbound";
import {
  pooledRandom,
  type RunningProgram,
  requireKey,
  type Surroundings,
  startService,
  usable,
  warnSparingly,
} from "@signet/process";
import { defaultTenantName } from "@signet/protocol";
import { configuredKeys, createSealer } from "@signet/sealing";
import { observedStores } from "@signet/storage";
import { openMongoStores } from "@signet/storage-mongo";
import { openRedisStores } from "@signet/storage-redis";
import { methodCallers, secretViewOf } from "./callers.ts";
import { createRegistryService } from "./create-registry-service.ts";
import { ensureAdministrationToken, ensureDefaultTenant } from "./first-run.ts";
import { createAddressGuard } from "./limits/address-limits.ts";
import { requireTenant } from "./tenants/find-tenant.ts";

/** The owner of tenants and clients as a process of its own, on MongoDB and Redis. */
export async function start(config: ClientRegistryConfig, { telemetry, clock, hear }: Surroundings): Promise<RunningProgram> {
  const { logger } = telemetry;
  const mongodb = usable("SIGNET_MONGODB_URL", () => openMongoStores({ url: config.mongodbUrl }));
  const onError = warnSparingly(logger, "Redis is away");
  const { redisUrl: url, redisPrefix: prefix } = config;
  const redis = usable("SIGNET_REDIS_URL", () => openRedisStores({ url, prefix, clock, onError }));
  const stores = observedStores(
    { ...mongodb, changes: redis.changes, refusals: redis.refusals, rateLimits: redis.rateLimits },
    telemetry.stores,
  );
  const random = pooledRandom();
  const sealer = createSealer({ dataKeys: stores.registryDataKeys, ...configuredKeys(config), random });
  const outbound = createOutbound({ allowedHosts: config.outboundAllowedHosts, clock });
  const addresses = createAddressGuard({ limits: config.addressLimits, rateLimits: stores.rateLimits, clock });
  const dependencies = { stores, sealer, clock, random, outbound, addresses };

  return startService({
    config,
    telemetry,
    definition: registry.ClientRegistryServiceDefinition,
    implementation: createRegistryService(dependencies, secretViewOf),
    methods: methodCallers,
    needs: { mongodb: async () => hear("mongodb", await mongodb.ready()), redis: async () => hear("redis", await redis.ready()) },
    async prepare() {
      await ensureDefaultTenant(dependencies, clock());
      const { id } = await requireTenant(defaultTenantName, stores);
      await requireKey(() => sealer.check(id));
      await ensureAdministrationToken(dependencies, config.adminToken);
    },
    async close() {
      await Promise.all([mongodb.close(), redis.close()]);
    },
  });
}
