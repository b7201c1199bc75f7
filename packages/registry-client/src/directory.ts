import type { registry } from "@signet/contracts";
import {
  type Client,
  type ClientId,
  type Clock,
  instant,
  isAlive,
  parseClientId,
  parseTenantId,
  parseTenantName,
  ResourceError,
  type Tenant,
  type TenantId,
  type TenantName,
} from "@signet/protocol";
import { clientFromProto, tenantFromProto } from "./from-proto.ts";
import { createLoadingCache } from "./loading-cache.ts";
import { createNotices } from "./notices.ts";
import { watchUntil } from "./watcher.ts";

/** The registry's tenants and clients, as they are or were at most a second ago. */
export interface Directory {
  /** Undefined where there is none of that name. */
  tenant(name: string): Promise<Tenant | undefined>;
  /** Undefined where there is none, or it is another tenant's. */
  client(tenant: Tenant, clientId: string): Promise<Client | undefined>;
}

export interface DirectoryOptions {
  readonly registry: Pick<registry.ClientRegistryServiceClient, "getTenant" | "getClient" | "watch">;
  /** How many are held in memory at most: 16,000 clients and 16,000 tenants unless said otherwise. */
  readonly capacity?: { readonly clients?: number; readonly tenants?: number };
  /**
   * To delete what belonged to the tenant. Called again after a failure, and more than once where that is in doubt: at each start, and whenever the
   * registry does not know any more what was heard, for every tenant that was deleted in the last 90 days.
   */
  readonly onTenantDeleted?: (tenant: TenantId) => void | Promise<void>;
  /** To delete what belonged to the client, likewise. */
  readonly onClientDeleted?: (tenant: TenantId, client: ClientId) => void | Promise<void>;
  /** Hears of what the directory gets over by itself: a broken stream, a deletion that could not be carried out yet. */
  readonly onError?: (error: unknown) => void;
  /** Hears of each look-up of `tenants` and of `clients`: a hit where the registry did not have to be asked for it. */
  readonly onLookUp?: ((cache: "tenants" | "clients", isHit: boolean) => void) | undefined;
  /** For clients that have an end: the machine's unless given. */
  readonly clock?: Clock;
  /** Milliseconds since some moment; never goes back. */
  readonly elapsed?: () => number;
}

export interface RunningDirectory extends Directory {
  /** Begins to follow the registry's changes. Before, nothing is held for longer than a second. */
  start(): void;
  /** Ends the stream, waits for deletions under way, and lets go of everything held. */
  close(): Promise<void>;
}

/** Without the stream of changes, nothing older is used. */
const unwatchedAgeMilliseconds = 1000;
/** With it, what it says is used for so long: an end for what a lost change would leave behind. */
const watchedAgeMilliseconds = 60_000;
/** A stream that announces itself so often is taken for lost after so many times as long a silence: three quarters of the second that is allowed. */
const patienceInIntervals = 3;

/** A directory over the registry: what is asked for is held, parsed, until the registry tells of a change. */
export function createDirectory({
  registry,
  capacity = {},
  onTenantDeleted = () => {},
  onClientDeleted = () => {},
  onError = () => {},
  onLookUp,
  clock = () => instant(Date.now()),
  elapsed = () => performance.now(),
}: DirectoryOptions): RunningDirectory {
  const hearing = (cache: "tenants" | "clients") => onLookUp && ((isHit: boolean) => onLookUp(cache, isHit));
  const tenants = createLoadingCache<Tenant>({ capacity: capacity.tenants ?? 16_000, elapsed, onLookUp: hearing("tenants") });
  const clients = createLoadingCache<Client>({ capacity: capacity.clients ?? 16_000, elapsed, onLookUp: hearing("clients") });
  const closing = new AbortController();
  const notices = createNotices(onError, closing.signal);
  let isWatching = false;
  let heardAt = 0;
  let patienceMilliseconds = Number.POSITIVE_INFINITY;
  let watching: Promise<void> | undefined;

  const isSilent = () => elapsed() - heardAt >= patienceMilliseconds;
  const maximumAge = () => (isWatching && !isSilent() ? watchedAgeMilliseconds : unwatchedAgeMilliseconds);

  async function loadTenant(name: TenantName): Promise<Tenant | undefined> {
    const reply = await unlessNotFound(registry.getTenant({ name }));
    return reply?.tenant === undefined ? undefined : tenantFromProto(reply.tenant);
  }

  async function loadClient(tenant: Tenant, clientId: ClientId): Promise<Client | undefined> {
    const reply = await unlessNotFound(registry.getClient({ tenant: tenant.name, clientId }));
    if (reply?.client === undefined) return undefined;
    const client = clientFromProto(reply.client);
    // The name may have passed to another tenant since.
    return client.tenantId === tenant.id ? client : undefined;
  }

  function onReady({ resumed }: registry.Ready): void {
    for (const cache of [tenants, clients]) {
      // What was missed is told next; until then the bound of the time without a stream goes on.
      if (resumed) cache.dropOlderThan(unwatchedAgeMilliseconds);
      else cache.clear();
    }
    isWatching = true;
  }

  function onTenantChanged({ tenantId, name, deleted }: registry.TenantChanged): void {
    tenants.drop(name);
    if (!deleted) return;
    clients.dropWhere((key) => key.startsWith(clientKey(tenantId, "")));
    const id = parseTenantId(tenantId);
    if (id !== undefined) notices.tell(() => onTenantDeleted(id));
  }

  function onClientChanged({ tenantId, clientId, deleted }: registry.ClientChanged): void {
    clients.drop(clientKey(tenantId, clientId));
    const tenant = parseTenantId(tenantId);
    const client = parseClientId(clientId);
    if (deleted && tenant !== undefined && client !== undefined) notices.tell(() => onClientDeleted(tenant, client));
  }

  function onEvent(event: registry.WatchResponse["event"]): void {
    // What is heard first after a silence may have been said before it: what changed meanwhile is yet to be told.
    if (isSilent()) for (const cache of [tenants, clients]) cache.clear();
    heardAt = elapsed();
    if (event?.$case === "ready") onReady(event.value);
    else if (event?.$case === "tenantChanged") onTenantChanged(event.value);
    else if (event?.$case === "clientChanged") onClientChanged(event.value);
    else if (event?.$case === "quiet") patienceMilliseconds = patienceInIntervals * event.value.intervalMilliseconds;
  }

  function onInterrupted(): void {
    isWatching = false;
    patienceMilliseconds = Number.POSITIVE_INFINITY;
  }

  return {
    async tenant(name) {
      const parsed = parseTenantName(name);
      return parsed === undefined ? undefined : await tenants.get(parsed, maximumAge(), () => loadTenant(parsed));
    },
    async client(tenant, clientId) {
      const id = parseClientId(clientId);
      if (id === undefined) return undefined;
      const client = await clients.get(clientKey(tenant.id, id), maximumAge(), () => loadClient(tenant, id));
      return client?.expiresAt === undefined || isAlive(client, clock()) ? client : undefined;
    },
    start() {
      watching ??= watchUntil(closing.signal, { registry, onEvent, onInterrupted, onError });
    },
    async close() {
      closing.abort();
      await watching;
      await notices.settled();
      tenants.clear();
      clients.clear();
    },
  };
}

function clientKey(tenant: string, client: string): string {
  return `${tenant}:${client}`;
}

async function unlessNotFound<Reply>(call: Promise<Reply>): Promise<Reply | undefined> {
  try {
    return await call;
  } catch (error) {
    if (error instanceof ResourceError && error.kind === "not_found") return undefined;
    throw error;
  }
}
