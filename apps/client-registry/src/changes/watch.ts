import type { registry } from "@signet/contracts";
import { type Change, type FeedEvent, pagesOf, type RegistryStores } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";

const pageSize = 200;
/** What a position begins with whose watcher has not heard of all deletions yet. No position of a feed does. */
const untoldMark = "untold:";

/**
 * The feed's events after the position given, or from now on, until `signal` aborts. Where changes may have been missed, every deletion of a tenant that
 * is remembered is told after `ready`: what a listener keeps of it would stay for ever otherwise.
 */
export async function* watch(
  { position }: registry.WatchRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
  signal: AbortSignal,
): AsyncGenerator<registry.WatchResponse, void, undefined> {
  const isUntold = position.startsWith(untoldMark);
  const from = isUntold ? position.slice(untoldMark.length) : position;
  for await (const event of stores.changes.subscribe(from === "" ? undefined : from, signal)) {
    if (event.kind === "ready" && (isUntold || !event.resumed)) yield* readyAnew(event, stores);
    else yield { position: event.position, event: toEventMessage(event) };
  }
}

/**
 * That the stream stands, and then what was deleted. The positions before the last message are marked: who resumes from one of them hears all again.
 * A deletion is remembered before it is published, so what is not among these is yet to come from the feed.
 */
async function* readyAnew(
  event: FeedEvent & { readonly kind: "ready" },
  { tenants }: Pick<RegistryStores, "tenants">,
): AsyncGenerator<registry.WatchResponse, void, undefined> {
  let message = toEventMessage(event);
  for await (const page of pagesOf(pageSize, (request) => tenants.listDeleted(request))) {
    for (const { id, name } of page) {
      yield { position: `${untoldMark}${event.position}`, event: message };
      message = toChangeMessage({ kind: "tenant", tenantId: id, name, deleted: true });
    }
  }
  yield { position: event.position, event: message };
}

function toEventMessage(event: FeedEvent): registry.WatchResponse["event"] {
  if (event.kind === "quiet") return { $case: "quiet", value: { intervalMilliseconds: event.intervalMilliseconds } };
  if (event.kind === "ready") return { $case: "ready", value: { resumed: event.resumed } };
  return toChangeMessage(event.change);
}

function toChangeMessage(change: Change): registry.WatchResponse["event"] {
  const { tenantId, deleted } = change;
  return change.kind === "tenant"
    ? { $case: "tenantChanged", value: { tenantId, name: change.name, deleted } }
    : { $case: "clientChanged", value: { tenantId, clientId: change.clientId, deleted } };
}
