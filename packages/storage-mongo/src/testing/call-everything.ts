import { later } from "@signet/protocol";
import { keyRingKey } from "@signet/storage";
import {
  aClientId,
  aCompleteUser,
  aConfidentialClient,
  aHash,
  aKeyRing,
  anIdentifier,
  anInitialAccessToken,
  aRefreshableGrant,
  aRotation,
  aSealed,
  aSelfRegisteredClient,
  aSignOutTask,
  aTenant,
  aUser,
  aWrappedKey,
  minute,
  now,
} from "@signet/storage/contract/fixtures";
import type { MongoStoresByPort } from "../mongo-stores.ts";

/** Every verb of every store, each in every way that it can go. */
export async function callEverything(stores: MongoStoresByPort): Promise<void> {
  const tenant = aTenant();
  await stores.tenants.create(tenant);
  await stores.tenants.create(tenant);
  await stores.tenants.findByName(tenant.name);
  await stores.tenants.list({ limit: 2 });
  await stores.tenants.list({ limit: 2, cursor: "a" });
  await stores.tenants.replace({ ...tenant, version: 2 });
  await stores.tenants.replace({ ...tenant, version: 2 });

  const client = aConfidentialClient({ tenantId: tenant.id });
  await stores.clients.create(client);
  await stores.clients.find(tenant.id, client.id);
  await stores.clients.list(tenant.id, { limit: 2 });
  await stores.clients.list(tenant.id, { limit: 2, cursor: client.id });
  await stores.clients.replace({ ...client, version: 2 });
  await stores.clients.replace({ ...client, version: 2 });

  const registered = aSelfRegisteredClient({ tenantId: tenant.id });
  await stores.clients.createWithin(registered, 1, now);
  await stores.clients.createWithin(aSelfRegisteredClient({ tenantId: tenant.id }), 1, now);
  await stores.clients.deleteExpired(tenant.id, later(now, 1440 * minute), 2);

  const token = anInitialAccessToken({ tenantId: tenant.id });
  await stores.initialAccessTokens.create(token);
  await stores.initialAccessTokens.find(tenant.id, token.id, now);
  await stores.initialAccessTokens.list(tenant.id, { limit: 2 }, now);
  await stores.initialAccessTokens.list(tenant.id, { limit: 2, cursor: token.id }, now);
  await stores.initialAccessTokens.use(tenant.id, token.id, now);
  await stores.initialAccessTokens.delete(tenant.id, token.id);

  await stores.administration.establishTokenHash(aHash());
  await stores.administration.replaceTokenHash(aHash());
  await stores.administration.findTokenHash();

  for (const dataKeys of [stores.registryDataKeys, stores.tokenDataKeys]) {
    const dataKey = await dataKeys.establish(tenant.id, aWrappedKey());
    await dataKeys.establish(tenant.id, aWrappedKey());
    await dataKeys.list({ limit: 2 });
    await dataKeys.list({ limit: 2, cursor: tenant.id });
    await dataKeys.replace(tenant.id, dataKey, aWrappedKey());
    await dataKeys.replace(tenant.id, dataKey, aWrappedKey());
    await dataKeys.find(tenant.id);
    await dataKeys.deleteTenant(tenant.id);
  }

  await stores.subjectSecrets.establish(tenant.id, aSealed());
  await stores.subjectSecrets.establish(tenant.id, aSealed());
  await stores.subjectSecrets.find(tenant.id);
  await stores.subjectSecrets.deleteTenant(tenant.id);

  const user = aCompleteUser({ tenantId: tenant.id });
  const [identifier = anIdentifier()] = user.identifiers;
  await stores.users.create(user);
  await stores.users.create(
    aUser({ tenantId: tenant.id, collection: user.collection, identifiers: [anIdentifier(), identifier] }),
  );
  await stores.users.find(tenant.id, user.id);
  await stores.users.findByIdentifier(tenant.id, user.collection, identifier);
  await stores.users.list(tenant.id, { limit: 2 });
  await stores.users.list(tenant.id, { limit: 2, cursor: user.id });
  await stores.users.replace({ ...user, identifiers: [anIdentifier()], version: 2 });
  await stores.users.replace({ ...user, version: 2 });

  await stores.consents.allow(tenant.id, user.id, client.id, ["openid"], now);
  await stores.users.findWithConsent(tenant.id, user.id, client.id);
  await stores.consents.find(tenant.id, user.id, client.id);
  await stores.consents.deleteClient(tenant.id, client.id);
  await stores.users.delete(tenant.id, user.id);

  const first = aHash();
  const grant = aRefreshableGrant(first, { tenantId: tenant.id });
  await stores.grants.open(grant);
  await stores.grants.find(tenant.id, grant.id, now);
  await stores.grants.rotate(aRotation(grant, first));
  await stores.grants.rotate(aRotation(grant, first));
  await stores.grants.rotate(aRotation(grant, first, { now: later(now, minute) }));
  const task = aSignOutTask({ tenantId: tenant.id });
  await stores.signOutTasks.add(task, now);
  await stores.signOutTasks.claim(now, now, { clients: [aClientId()], tenants: [aTenant().id] });
  const claimed = await stores.signOutTasks.claim(now, now, { clients: [], tenants: [] });
  if (claimed !== undefined) await stores.signOutTasks.postpone(claimed, now);
  await stores.signOutTasks.finish(task);
  await stores.signOutTasks.add(task, now);
  await stores.signOutTasks.removeOldest(tenant.id, 0);
  await stores.signOutTasks.deleteTenant(tenant.id);
  await stores.grants.endSession(tenant.id, grant.sessionPublicId, now);
  const revocation = { tenantId: tenant.id, grantId: grant.id };
  await stores.grants.revokeToken({ ...revocation, token: { id: "jti-1", expiresAt: now }, now });
  await stores.grants.revokeToken({ ...revocation, token: { id: "jti-2", expiresAt: now }, now });
  await stores.grants.revoke(tenant.id, grant.id, grant.expiresAt);
  await stores.grants.open(grant);

  const ring = await stores.signingKeys.establish(aKeyRing({ tenantId: tenant.id }));
  await stores.signingKeys.list(tenant.id);
  await stores.signingKeys.replace({ ...ring, version: 2 });
  await stores.signingKeys.replace({ ...ring, version: 3 });
  await stores.signingKeys.listAll({ limit: 2 });
  await stores.signingKeys.listAll({ limit: 2, cursor: keyRingKey(ring) });
  await stores.signingKeys.listChanged(now, 2);

  for (const store of [stores.clients, stores.initialAccessTokens, stores.users, stores.grants, stores.signingKeys]) {
    await store.deleteTenant(tenant.id);
  }
  await stores.clients.delete(tenant.id, client.id);
  await stores.tenants.delete(tenant, now);
  await stores.tenants.findUnfinished(tenant.name);
  await stores.tenants.finishDeletion(tenant.id);
  await stores.tenants.listDeleted({ limit: 2 });
  await stores.tenants.listDeleted({ limit: 2, cursor: "a" });
}
