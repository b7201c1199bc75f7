import { readConfig } from "@signet/config";
import { listen, type RequestListener } from "@signet/gateway";
import { atFirstSignal } from "@signet/process/at-first-signal";
import { instant } from "@signet/protocol";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { startTelemetry } from "@signet/telemetry";
import { compose } from "./compose.ts";
import { explainFailedStart } from "./explain-failed-start.ts";
import { startSweep } from "./sweep.ts";
import { welcome } from "./welcome.ts";

const drainMilliseconds = 8_000;

try {
  const config = readConfig("standalone");
  const telemetry = await startTelemetry({ service: "standalone", ...config });
  const { logger } = telemetry;
  // The port comes first: a start that fails for want of it must not have made, and told nobody, the first run's secrets.
  const { promise: served, resolve: serve } = Promise.withResolvers<RequestListener>();
  const listening = await listen(async (request, response) => (await served)(request, response), { ...config, logger });
  const stores = openEmbeddedStores({ folder: config.dataDir, fullSync: config.durability === "full" });
  const composition = await compose({ config, stores, logger, observers: telemetry });
  const sweep = startSweep(stores, () => instant(Date.now()), logger);

  atFirstSignal(async () => {
    await listening.close(drainMilliseconds);
    sweep.stop();
    await composition.close();
    stores.close();
    await telemetry.close();
    process.exit(0);
  });

  serve(composition.listener);
  process.stdout.write(welcome(config, composition.firstRun));
} catch (error) {
  process.stderr.write(explainFailedStart(error));
  process.exit(1);
}
