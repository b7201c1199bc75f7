import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  defaultTenantName,
  emailIdentifier,
  hashSecret,
  type Instant,
  instant,
  later,
  parseClientId,
  type TenantId,
  type UserIdentifier,
  usernameIdentifier,
} from "@signet/protocol";
import { createSealer, parseKeyEncryptionKey } from "@signet/sealing";
import type { StoredClient, StoredGrant, StoredTenant, StoredUser, Stores } from "@signet/storage";
import { openFillableStores } from "@signet/storage-embedded/testing";
import { createSigningKeys } from "@signet/token";
import { type Numbering, spread } from "./numbering.ts";
import { busyClientsOf, type Population, sessionsOf } from "./population.ts";

/** What rows are copied from: what Signet itself wrote at its first start, and for the bench's client. */
interface Templates {
  readonly tenant: StoredTenant;
  readonly client: StoredClient;
  readonly user: StoredUser;
  readonly now: Instant;
}

/** So many rows are committed together. */
const batch = 20_000;
const hour = 3_600_000;
export const filledScopes = ["openid", "offline_access"];

/**
 * Puts the population into a data folder that no process uses, through the stores that Signet itself writes with. The clients have the secret of the client
 * `clientId`, which is there already; nobody but `admin` has a password of their own.
 */
export async function fill(
  folder: string,
  population: Population,
  numbering: Numbering,
  clientId: string,
): Promise<{ readonly defaultTenantId: TenantId }> {
  const { stores, together, close } = openFillableStores(folder);
  try {
    const templates = await readTemplates(stores, clientId);
    const signingKeys = await openSigningKeys(folder, stores);
    /** One after the other, in few transactions. */
    const repeat = async (count: number, write: (number: number) => Promise<unknown>) => {
      for (let from = 0; from < count; from += batch) {
        await together(async () => {
          for (let number = from; number < Math.min(count, from + batch); number += 1) await write(number);
        });
      }
    };
    await repeat(population.clients, (number) => stores.clients.create({ ...templates.client, id: numbering.client(number) }));
    await repeat(population.users, (number) => stores.users.create(userOf(number, numbering, templates)));
    await repeat(population.families, (number) => stores.grants.open(grantOf(number, population, numbering, templates)));
    await repeat(sessionsOf(population), (number) => startSession(number, population, numbering, templates, stores));
    await repeat(population.tenants, async (number) => {
      const { id, name, clientId } = numbering.tenant(number);
      await stores.tenants.create({ ...templates.tenant, id, name });
      await stores.clients.create({ ...templates.client, tenantId: id, id: clientId });
      await signingKeys.rings.signingKey(id, "ES256");
    });
    return { defaultTenantId: templates.tenant.id };
  } finally {
    close();
  }
}

async function readTemplates(stores: Stores, clientId: string): Promise<Templates> {
  const tenant = known(await stores.tenants.findByName(defaultTenantName));
  const admin = known(usernameIdentifier("admin"));
  return {
    tenant,
    client: known(await stores.clients.find(tenant.id, known(parseClientId(clientId)))),
    user: known(await stores.users.findByIdentifier(tenant.id, tenant.settings.collection, admin)),
    now: instant(Date.now()),
  };
}

async function openSigningKeys(folder: string, stores: Stores) {
  const keyEncryptionKey = known(parseKeyEncryptionKey(await readFile(join(folder, "key-encryption-key"), "utf8")));
  const sealer = createSealer({ dataKeys: stores.tokenDataKeys, keyEncryptionKey, random: randomBytes });
  return createSigningKeys({ store: stores.signingKeys, sealer, clock: () => instant(Date.now()), isShared: false });
}

function userOf(number: number, numbering: Numbering, { user }: Templates): StoredUser {
  const id = numbering.user(number);
  const username = `user-${number}`;
  const email = `${username}@people.example`;
  const identifiers: readonly UserIdentifier[] = [known(usernameIdentifier(username)), known(emailIdentifier(email))];
  return { ...user, id, username, email, identifiers, roles: [] };
}

function grantOf(number: number, population: Population, numbering: Numbering, { tenant, user, now }: Templates): StoredGrant {
  const { grantId, refreshToken } = numbering.family(number);
  const expiresAt = later(now, tenant.settings.refreshTimeout);
  return {
    id: grantId,
    tenantId: tenant.id,
    clientId: numbering.client(clientOf(number, population)),
    userId: numbering.user(number % population.users),
    authTime: now,
    amr: ["pwd"],
    sessionPublicId: numbering.session(number).publicId,
    epoch: user.epoch,
    scopes: filledScopes,
    requestedClaims: { userinfo: [], idToken: [] },
    customClaims: [],
    createdAt: now,
    expiresAt: later(expiresAt, hour),
    refresh: { family: refreshToken.familyHash, current: hashSecret(refreshToken.token), expiresAt },
  };
}

/** The user has agreed to the client that `clientOf` gives the session's number. */
async function startSession(
  number: number,
  population: Population,
  numbering: Numbering,
  { tenant, now }: Templates,
  { sessions, consents }: Stores,
): Promise<void> {
  const { secret, publicId } = numbering.session(number);
  const userId = numbering.user(number);
  const expiresAt = later(now, tenant.settings.sessionTimeout);
  const hash = hashSecret(secret);
  await sessions.start({ hash, publicId, tenantId: tenant.id, userId, authTime: now, amr: ["pwd"], expiresAt });
  await consents.allow(tenant.id, userId, numbering.client(clientOf(number, population)), filledScopes, now);
}

/** The number of the client that a family is of, or that a session is used for: one of those that are busy. */
export function clientOf(number: number, population: Population): number {
  return spread(number, busyClientsOf(population), population.clients);
}

function known<Value>(value: Value | undefined): Value {
  if (value === undefined) throw new Error("the data folder is not one that a first start has filled");
  return value;
}
