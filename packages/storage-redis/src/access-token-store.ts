import { type Clock, type GrantId, hashSecret, type SecretHash, type TenantId, type UserId } from "@signet/protocol";
import type { AccessTokenStore, StoredAccessToken } from "@signet/storage";
import { integer, optionalText, text, texts } from "@signet/storage/adapter";
import { keysOf, partOfHash } from "./keys.ts";
import { instantOf, recordOf } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { forgetTenant, milliseconds, newEpoch, saveValueLua, valueOfEpoch } from "./tenant-epoch.ts";

export function redisAccessTokenStore(connection: RedisConnection, prefix: string, clock: Clock): AccessTokenStore {
  const keys = keysOf(prefix, "access-token");
  const noteKeys = keysOf(prefix, "revoked-token");
  const keysFor = (tenant: TenantId, hash: SecretHash, of = keys): [epoch: string, thing: string] => {
    const part = partOfHash(hash);
    return [of.epoch(tenant, part), of.thing(tenant, part, hash)];
  };
  const find = async (both: [epoch: string, thing: string]) => {
    const [epoch, stored] = await connection.run((client) => client.mget(...both));
    return valueOfEpoch(epoch, stored);
  };
  const save = connection.script(saveValueLua, 2);
  return {
    async save(token) {
      await save(...keysFor(token.tenantId, token.hash), newEpoch(), milliseconds(token.expiresAt, clock), toValue(token));
    },
    async find(tenant, hash, now) {
      const value = await find(keysFor(tenant, hash));
      const token = value === undefined ? undefined : accessTokenOf(tenant, hash, value);
      return token !== undefined && token.expiresAt > now ? token : undefined;
    },
    async end(tenant, hash) {
      const [, token] = keysFor(tenant, hash);
      await connection.run((client) => client.del(token));
    },
    async noteRevoked(tenant, id, until) {
      const [epoch, note] = keysFor(tenant, hashSecret(id), noteKeys);
      await save(epoch, note, newEpoch(), milliseconds(until, clock), String(until));
    },
    async isRevoked(tenant, id, now) {
      const until = await find(keysFor(tenant, hashSecret(id), noteKeys));
      return until !== undefined && instantOf(until) > now;
    },
    async deleteTenant(tenant) {
      await Promise.all([keys, noteKeys].map((kind) => forgetTenant(connection, kind, tenant)));
    },
  };
}

/** Without what its key says. */
function toValue({ tenantId: _tenant, hash: _hash, ...token }: StoredAccessToken): string {
  return JSON.stringify(token);
}

function accessTokenOf(tenantId: TenantId, hash: SecretHash, value: string): StoredAccessToken {
  const record = recordOf(value);
  const grantId = optionalText<GrantId>(record, "grantId");
  const userId = optionalText<UserId>(record, "userId");
  const certificateThumbprint = optionalText(record, "certificateThumbprint");
  return {
    tenantId,
    hash,
    clientId: text(record, "clientId"),
    scopes: texts(record, "scopes"),
    ...(grantId !== undefined && { grantId }),
    ...(userId !== undefined && { userId }),
    issuedAt: integer(record, "issuedAt"),
    expiresAt: integer(record, "expiresAt"),
    ...(certificateThumbprint !== undefined && { certificateThumbprint }),
  };
}
