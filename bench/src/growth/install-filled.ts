import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RefreshToken } from "@signet/protocol";
import type { Pinning } from "../processes/cores.ts";
import type { ServerProcess } from "../processes/server-process.ts";
import { installSignet } from "../signet/signet.ts";
import { fill } from "./fill.ts";
import type { Filled } from "./filled.ts";
import { createNumbering } from "./numbering.ts";
import type { Population } from "./population.ts";

/** A data folder that was filled, with the Signet that may be started on it any number of times. */
export interface FilledInstallation {
  readonly population: Population;
  readonly fillSeconds: number;
  start(): Promise<ServerProcess>;
  filled(server: ServerProcess): Filled;
}

/** Fills a new data folder, which `resources` removes. */
export async function installFilled(
  program: string,
  pinning: Pinning,
  population: Population,
  resources: AsyncDisposableStack,
): Promise<FilledInstallation> {
  const folder = await mkdtemp(join(tmpdir(), `signet-bench-${population.name}-`));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const { start, contender, clientId } = await installSignet(program, pinning, folder);
  const numbering = createNumbering(randomBytes(32));
  const begun = performance.now();
  const { defaultTenantId } = await fill(folder, population, numbering, clientId);
  const refreshTokens = new Map<number, RefreshToken>();
  return {
    population,
    fillSeconds: (performance.now() - begun) / 1000,
    start,
    filled: (server) => ({ contender: contender(server), population, numbering, defaultTenantId, refreshTokens }),
  };
}
