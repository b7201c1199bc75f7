import type { GatewayConfig } from "@signet/config";
import { auth, registry, token } from "@signet/contracts";
import { openChannel, type RunningProgram, type Surroundings, warnSparingly } from "@signet/process";
import { createDirectory } from "@signet/registry-client";
import { createGateway } from "./app.ts";
import { listen } from "./listen.ts";
import { servicesWaitedFor } from "./services-health.ts";

const drainMilliseconds = 8_000;

/** The public HTTP surface as a process of its own, in front of the three services. */
export async function start(config: GatewayConfig, { telemetry, clock }: Surroundings): Promise<RunningProgram> {
  const { logger } = telemetry;
  const registryChannel = openChannel(config.registryUrl, config, telemetry);
  const authChannel = openChannel(config.authUrl, config, telemetry);
  const tokenChannel = openChannel(config.tokenUrl, config, telemetry);
  const registryClient = registryChannel.client<registry.ClientRegistryServiceClient>(registry.ClientRegistryServiceDefinition);
  const directory = createDirectory({
    registry: registryClient,
    clock,
    onLookUp: telemetry.onLookUp,
    onError: warnSparingly(logger, "the registry's changes cannot be followed at the moment"),
  });
  directory.start();
  const gateway = createGateway({
    auth: authChannel.client<auth.AuthServiceClient>(auth.AuthServiceDefinition),
    tokens: tokenChannel.client<token.TokenServiceClient>(token.TokenServiceDefinition),
    registry: registryClient,
    directory,
    logger,
    observer: telemetry.requests,
    publicUrl: config.publicUrl,
    proxies: config.proxies,
    https: config.https,
    requestsAtATime: config.requestsAtATime,
    waitingFor: () => servicesWaitedFor({ "client-registry": registryChannel, auth: authChannel, token: tokenChannel }),
  });
  const listening = await listen(gateway.listener, { ...config, logger });
  return {
    url: `${config.https === undefined ? "http" : "https"}://${config.host}:${listening.port}`,
    ready: Promise.resolve(),
    async close() {
      await listening.close(drainMilliseconds);
      await gateway.close();
      await directory.close();
      for (const channel of [tokenChannel, authChannel, registryChannel]) channel.close();
    },
  };
}
