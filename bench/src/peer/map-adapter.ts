import type { Adapter, AdapterPayload } from "oidc-provider";

interface Entry {
  readonly payload: AdapterPayload;
  readonly expiresAt: number;
}

/**
 * The peer's state in plain maps, every operation in constant time, everything kept until it expires.
 * The adapter in the package forgets whatever is older than its last 1,000 entries, and walks all tokens of a grant at every write.
 */
export function mapAdapters(): (model: string) => Adapter {
  const entries = new Map<string, Entry>();
  const keysByGrant = new Map<string, Set<string>>();
  const sessionsByUid = new Map<string, string>();
  setInterval(() => sweep(entries, keysByGrant), 10_000).unref();

  return (model) => {
    const keyOf = (id: string) => `${model}:${id}`;
    const find = async (id: string) => live(entries.get(keyOf(id)));
    return {
      find,
      async upsert(id, payload, expiresInSeconds) {
        const key = keyOf(id);
        const lifetime = expiresInSeconds === undefined ? Number.POSITIVE_INFINITY : expiresInSeconds * 1000;
        entries.set(key, { payload, expiresAt: Date.now() + lifetime });
        if (model === "Session" && payload.uid !== undefined) sessionsByUid.set(payload.uid, id);
        if (payload.grantId !== undefined) membersOf(keysByGrant, payload.grantId).add(key);
      },
      async findByUid(uid) {
        const id = sessionsByUid.get(uid);
        return id === undefined ? undefined : find(id);
      },
      async findByUserCode() {
        return undefined;
      },
      async consume(id) {
        const payload = await find(id);
        if (payload !== undefined) payload.consumed = Math.floor(Date.now() / 1000);
      },
      async destroy(id) {
        remove(entries, keysByGrant, keyOf(id));
      },
      async revokeByGrantId(grantId) {
        for (const key of keysByGrant.get(grantId) ?? []) entries.delete(key);
        keysByGrant.delete(grantId);
      },
    };
  };
}

function live(entry: Entry | undefined): AdapterPayload | undefined {
  return entry !== undefined && entry.expiresAt > Date.now() ? entry.payload : undefined;
}

function membersOf(keysByGrant: Map<string, Set<string>>, grantId: string): Set<string> {
  const members = keysByGrant.get(grantId) ?? new Set();
  keysByGrant.set(grantId, members);
  return members;
}

function remove(entries: Map<string, Entry>, keysByGrant: Map<string, Set<string>>, key: string): void {
  const grantId = entries.get(key)?.payload.grantId;
  entries.delete(key);
  if (grantId !== undefined) keysByGrant.get(grantId)?.delete(key);
}

function sweep(entries: Map<string, Entry>, keysByGrant: Map<string, Set<string>>): void {
  const now = Date.now();
  for (const [key, { expiresAt }] of entries) {
    if (expiresAt <= now) remove(entries, keysByGrant, key);
  }
}
