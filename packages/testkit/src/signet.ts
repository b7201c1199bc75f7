import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "@signet/config";
import { listen, type RequestListener } from "@signet/gateway";
import { compose } from "@signet/standalone";
import { openEmbeddedStores } from "@signet/storage-embedded";
import { createLogger } from "@signet/telemetry";
import type { Clockwork } from "./clockwork.ts";
import { topologyUnderTest } from "./topology.ts";

/** A Signet that runs, whatever the topology. */
export interface Signet {
  readonly url: string;
  /** Where it listens; the same as `url`, unless a public URL was set. */
  readonly listenerUrl: string;
  readonly adminToken: string;
  /** Of the user `admin` of the tenant `default`. */
  readonly adminPassword: string;
  /** Of the tenant `default`. */
  readonly registrationToken: string;
  /** Stops it, and starts it again at the same address with the same data and the same clock. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

export interface SignetOptions {
  /** Moves the server's time; without one it is the machine's. */
  readonly clockwork?: Clockwork;
  readonly environment?: Readonly<Record<string, string>>;
}

const adminToken = "test-administration-token-0123456789";
const adminPassword = "correct horse battery staple";

/** Signet as `npm start` runs it, in this process: a real listener on a free port, real stores in a folder of their own. */
export async function startSignet(options: SignetOptions = {}): Promise<Signet> {
  topologyUnderTest();
  const dataDir = await mkdtemp(join(tmpdir(), "signet-test-"));
  let running = await run(dataDir, 0, options);
  const { publicUrl, port } = running;
  return {
    url: publicUrl,
    listenerUrl: `http://localhost:${port}`,
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

/** Connections that this process kept alive have ended with the server: it learns so by using them. */
async function reach(url: string): Promise<void> {
  for (let attempts = 0; attempts < 100; attempts++) {
    const reply = await fetch(`${url}/readyz`).catch(() => undefined);
    await reply?.arrayBuffer();
    if (reply?.ok) return;
  }
  throw new Error(`nothing serves at ${url} after the restart`);
}

interface Running {
  readonly publicUrl: string;
  readonly port: number;
  stop(): Promise<void>;
}

async function run(dataDir: string, port: number, { clockwork, environment = {} }: SignetOptions): Promise<Running> {
  const { promise: ready, resolve } = Promise.withResolvers<RequestListener>();
  // The port has to be known before the public URL is.
  const listening = await listen(async (request, response) => (await ready)(request, response), "localhost", port);
  const config = parseConfig("standalone", {
    SIGNET_PORT: String(listening.port),
    SIGNET_DATA_DIR: dataDir,
    SIGNET_ADMIN_TOKEN: adminToken,
    SIGNET_ADMIN_PASSWORD: adminPassword,
    SIGNET_LOG_LEVEL: "error",
    ...environment,
  });
  const stores = openEmbeddedStores({ folder: dataDir });
  const composition = await compose({
    config,
    stores,
    logger: createLogger(config.logLevel),
    ...(clockwork === undefined ? {} : { clock: clockwork.clock }),
  });
  resolve(composition.listener);
  return {
    publicUrl: config.publicUrl,
    port: listening.port,
    async stop() {
      await listening.close(1_000);
      await composition.close();
      stores.close();
    },
  };
}
