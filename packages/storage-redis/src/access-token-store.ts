import type { Clock, GrantId, SecretHash, TenantId, UserId } from "@signet/protocol";
import type { AccessTokenStore, StoredAccessToken } from "@signet/storage";
import { integer, optionalText, text, texts } from "@signet/storage/adapter";
import { keysOf, partOfHash } from "./keys.ts";
import { recordOf } from "./record.ts";
import type { RedisConnection } from "./redis-connection.ts";
import { forgetTenant, milliseconds, newEpoch, saveValueLua, valueOfEpoch } from "./tenant-epoch.ts";

export function redisAccessTokenStore(connection: RedisConnection, prefix: string, clock: Clock): AccessTokenStore {
  const keys = keysOf(prefix, "access-token");
  const keysFor = (tenant: TenantId, hash: SecretHash): [epoch: string, token: string] => {
    const part = partOfHash(hash);
    return [keys.epoch(tenant, part), keys.thing(tenant, part, hash)];
  };
  const save = connection.script("saveAccessToken", { lua: saveValueLua, numberOfKeys: 2 });
  return {
    async save(token) {
      await save(...keysFor(token.tenantId, token.hash), newEpoch(), milliseconds(token.expiresAt, clock), toValue(token));
    },
    async find(tenant, hash, now) {
      const [epoch, stored] = await connection.run((client) => client.mget(...keysFor(tenant, hash)));
      const value = valueOfEpoch(epoch, stored);
      const token = value === undefined ? undefined : accessTokenOf(tenant, hash, value);
      return token !== undefined && token.expiresAt > now ? token : undefined;
    },
    deleteTenant: (tenant) => forgetTenant(connection, keys, tenant),
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
  return {
    tenantId,
    hash,
    clientId: text(record, "clientId"),
    scopes: texts(record, "scopes"),
    ...(grantId !== undefined && { grantId }),
    ...(userId !== undefined && { userId }),
    issuedAt: integer(record, "issuedAt"),
    expiresAt: integer(record, "expiresAt"),
  };
}
