import { join } from "node:path";
import { ensureAdministrator, type PasswordHasher } from "@signet/auth";
import { ensureAdministrationToken, ensureDefaultTenant, readDefaultRegistrationToken } from "@signet/client-registry";
import type { StandaloneConfig } from "@signet/config";
import { StartError } from "@signet/process/start-error";
import { type Clock, defaultTenantName, type Random } from "@signet/protocol";
import { type Directory, requireTenant } from "@signet/registry-client";
import { type Sealer, SealingError } from "@signet/sealing";
import type { Stores } from "@signet/storage";
import { writeDurably } from "./write-durably.ts";

/** What an empty data folder was given. Secrets are present only where they were made by this start, and are shown only this once. */
export interface FirstRun {
  readonly adminPassword?: string;
  readonly adminToken?: string;
}

export interface FirstRunDependencies {
  readonly config: StandaloneConfig;
  readonly stores: Stores;
  readonly sealer: Sealer;
  readonly directory: Directory;
  readonly passwords: PasswordHasher;
  readonly clock: Clock;
  readonly random: Random;
}

/**
 * Sees to it that there are the tenant `default`, its user `admin` and an administration token, each only where it is missing, so that a first start
 * that was cut short is completed by the next. Leaves the default tenant's registration token in the data folder.
 */
export async function firstRun(dependencies: FirstRunDependencies): Promise<FirstRun> {
  const { config, stores, sealer, directory, passwords, clock, random } = dependencies;
  await ensureDefaultTenant({ stores, sealer, random }, clock());
  const registrationToken = await readDefaultRegistrationToken({ stores, sealer }).catch(explainWrongKey);
  writeDurably(join(config.dataDir, "registration-token"), `${registrationToken}\n`);
  const tenant = await requireTenant(defaultTenantName, directory);
  const { password } = await ensureAdministrator({ stores, passwords, clock, random }, tenant, config.adminPassword);
  const { token } = await ensureAdministrationToken({ stores, random }, config.adminToken);
  return {
    ...(password === undefined ? {} : { adminPassword: password }),
    ...(token === undefined ? {} : { adminToken: token }),
  };
}

function explainWrongKey(error: unknown): never {
  if (!(error instanceof SealingError)) throw error;
  throw new StartError(
    `the data folder was encrypted under another key-encryption key: set SIGNET_KEY_ENCRYPTION_KEY, or the file key-encryption-key in the folder, to that one; or, to change the key, SIGNET_PREVIOUS_KEY_ENCRYPTION_KEY (${error.message})`,
    { cause: error },
  );
}
