import { randomBytes } from "node:crypto";
import type { ClientRegistryConfig } from "@signet/config";
import { registry } from "@signet/contracts";
import { type RunningProgram, type Surroundings, startService } from "@signet/process";
import { configuredKeys, createSealer } from "@signet/sealing";
import { observedStores } from "@signet/storage";
import { openMongoStores } from "@signet/storage-mongo";
import { openRedisStores } from "@signet/storage-redis";
import { methodCallers, secretViewOf } from "./callers.ts";
import { createRegistryService } from "./create-registry-service.ts";
import { ensureAdministrationToken, ensureDefaultTenant } from "./first-run.ts";

/** The owner of tenants and clients as a process of its own, on MongoDB and Redis. */
export async function start(config: ClientRegistryConfig, { telemetry, clock }: Surroundings): Promise<RunningProgram> {
  const { logger } = telemetry;
  const mongodb = openMongoStores({ url: config.mongodbUrl });
  const redis = openRedisStores({
    url: config.redisUrl,
    prefix: config.redisPrefix,
    clock,
    onError: (err) => logger.warn({ err }, "Redis is away"),
  });
  const stores = observedStores({ ...mongodb, changes: redis.changes }, telemetry.stores);
  const random = randomBytes;
  const sealer = createSealer({ dataKeys: stores.registryDataKeys, ...configuredKeys(config), random });
  const dependencies = { stores, sealer, clock, random };

  return startService({
    config,
    telemetry,
    definition: registry.ClientRegistryServiceDefinition,
    implementation: createRegistryService(dependencies, secretViewOf),
    methods: methodCallers,
    needs: { mongodb: () => mongodb.ready(), redis: () => redis.ready() },
    async prepare() {
      await ensureDefaultTenant(dependencies, clock());
      await ensureAdministrationToken(dependencies, config.adminToken);
    },
    async close() {
      await Promise.all([mongodb.close(), redis.close()]);
    },
  });
}
