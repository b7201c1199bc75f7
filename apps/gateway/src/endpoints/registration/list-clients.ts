import type { registry } from "@signet/contracts";
import { formatForm, maximumPageLimit, type Parameters, type TenantName } from "@signet/protocol";
import type { Services } from "../../endpoint.ts";
import { inRequest } from "../../http/in-request.ts";
import { pageRequest } from "../../http/page-request.ts";
import type { HostRequest } from "../../http/request.ts";

/** The documented list has no pages. A reply of more clients than these would be of use to nobody and hold up everybody. */
const maximumClients = 10_000;

export interface ClientList {
  readonly clients: readonly registry.GetClientResponse[];
  /** Empty where the list is at its end. */
  readonly nextCursor: string;
}

/** The workplace's clients with their secrets: `limit` of them, or all that one reply may hold. */
export async function listClients(
  request: HostRequest & { readonly workplace: TenantName; readonly query: Parameters },
  { registry }: Services,
): Promise<ClientList> {
  const { limit, cursor } = pageRequest(request.query);
  const wanted = limit === 0 ? maximumClients : limit;
  const clients: registry.GetClientResponse[] = [];
  let nextCursor = cursor;
  do {
    const page = { limit: Math.min(wanted - clients.length, maximumPageLimit), cursor: nextCursor };
    const reply = await registry.listClients({ tenant: request.workplace, page, revealSecrets: true }, inRequest(request));
    clients.push(...reply.clients);
    nextCursor = reply.nextCursor;
  } while (nextCursor !== "" && clients.length < wanted);
  return { clients, nextCursor };
}

/** Where the rest of a list is, RFC 8288 section 3; undefined at its end. */
export function linkToNext(address: string, { nextCursor }: ClientList, query: Parameters): string | undefined {
  if (nextCursor === "") return undefined;
  const limit = query.get("limit");
  const parameters = [...(limit === undefined ? [] : [{ name: "limit", value: limit }]), { name: "cursor", value: nextCursor }];
  return `<${address}?${formatForm(parameters)}>; rel="next"`;
}
