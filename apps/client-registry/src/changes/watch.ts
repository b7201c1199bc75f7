import type { registry } from "@signet/contracts";
import type { Change, FeedEvent } from "@signet/storage";
import type { RegistryDependencies } from "../registry-dependencies.ts";

/** The feed's events after the position given, or from now on, until `signal` aborts. */
export async function* watch(
  { position }: registry.WatchRequest,
  { stores }: Pick<RegistryDependencies, "stores">,
  signal: AbortSignal,
): AsyncGenerator<registry.WatchResponse, void, undefined> {
  for await (const event of stores.changes.subscribe(position === "" ? undefined : position, signal)) {
    yield { position: event.position, event: toEventMessage(event) };
  }
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
