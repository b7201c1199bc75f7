import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@signet/config";
import { listen, type RequestListener } from "@signet/gateway";
import { compose } from "@signet/standalone";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { createLogger } from "@signet/telemetry";
import { adminPassword, adminToken, type Signet, type SignetOptions } from "../signet.ts";
import { reach } from "./reach.ts";

/** Signet as `npm start` runs it, in this process: a real listener on a free port, real stores in a folder of their own. */
export async function startStandalone(options: SignetOptions): Promise<Signet> {
  const dataDir = await mkdtemp(join(tmpdir(), "signet-test-"));
  let running = await run(dataDir, 0, options);
  const { publicUrl, port, scheme } = running;
  return {
    url: publicUrl,
    listenerUrl: `${scheme}://localhost:${port}`,
    adminToken,
    adminPassword,
    registrationToken: (await readFile(join(dataDir, "registration-token"), "utf8")).trim(),
    async restart() {
      await running.stop();
      running = await run(dataDir, port, options);
      await reach(publicUrl);
    },
    async stop() {
      await running.stop();
      await rm(dataDir, { recursive: true });
    },
  };
}

interface Running {
  readonly publicUrl: string;
  readonly port: number;
  readonly scheme: "http" | "https";
  stop(): Promise<void>;
}

async function run(dataDir: string, port: number, { clockwork, environment = {} }: SignetOptions): Promise<Running> {
  const { promise: ready, resolve } = Promise.withResolvers<RequestListener>();
  // The port has to be known before the public URL is.
  const configAt = (knownPort: number) =>
    parseConfig("standalone", {
      SIGNET_PORT: String(knownPort),
      SIGNET_DATA_DIR: dataDir,
      SIGNET_ADMIN_TOKEN: adminToken,
      SIGNET_ADMIN_PASSWORD: adminPassword,
      SIGNET_LOG_LEVEL: "error",
      ...environment,
    });
  const { https, logLevel } = configAt(1);
  const logger = createLogger(logLevel);
  const listening = await listen(async (request, response) => (await ready)(request, response), {
    host: "localhost",
    port,
    https,
    logger,
  });
  const config = configAt(listening.port);
  const stores = openEmbeddedStores({ folder: dataDir });
  const composition = await compose({
    config,
    stores,
    logger,
    ...(clockwork === undefined ? {} : { clock: clockwork.clock }),
  });
  resolve(composition.listener);
  return {
    publicUrl: config.publicUrl,
    port: listening.port,
    scheme: https === undefined ? "http" : "https",
    async stop() {
      await listening.close(1_000);
      await composition.close();
      stores.close();
    },
  };
}
