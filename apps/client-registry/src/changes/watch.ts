import type { registry } from "@signet/contracts";
import type { Change, ChangeFeed, FeedEvent } from "@signet/storage";

/** The feed's events after the position given, or from now on, until `signal` aborts. */
export async function* watch(
  { position }: registry.WatchRequest,
  { changes }: { readonly changes: ChangeFeed },
  signal: AbortSignal,
): AsyncGenerator<registry.WatchResponse, void, undefined> {
  for await (const event of changes.subscribe(position === "" ? undefined : position, signal)) {
    yield { position: event.position, event: eventToProto(event) };
  }
}

function eventToProto(event: FeedEvent): registry.WatchResponse["event"] {
  if (event.kind === "ready") return { $case: "ready", value: { resumed: event.resumed } };
  return changeToProto(event.change);
}

function changeToProto(change: Change): registry.WatchResponse["event"] {
  const { tenantId, deleted } = change;
  return change.kind === "tenant"
    ? { $case: "tenantChanged", value: { tenantId, name: change.name, deleted } }
    : { $case: "clientChanged", value: { tenantId, clientId: change.clientId, deleted } };
}
