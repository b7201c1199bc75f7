import type { ServerResponse } from "node:http";
import type { Endpoint } from "../endpoint.ts";
import { busyOutcome } from "../errors/outcome.ts";
import type { HostRequest } from "../http/request.ts";
import type { FixedHeaders } from "../http/write.ts";

/** Refuses a request for which there is no room, in the endpoint's own form. */
export type BusyRefusal = (endpoint: Endpoint, request: HostRequest, response: ServerResponse) => void;

interface WholeReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/**
 * What each endpoint says is made once and kept whole, since it must cost as good as nothing when it is said: at twice the load that can be served, every
 * second request is refused.
 */
export function createBusyRefusal(everywhere: FixedHeaders): BusyRefusal {
  const replies = new Map<Endpoint, WholeReply>();

  function replyOf(endpoint: Endpoint, request: HostRequest): WholeReply {
    const made = replies.get(endpoint);
    if (made !== undefined) return made;
    const { status, headers, body: said = "" } = endpoint.errors(busyOutcome, request);
    const body = Buffer.from(said);
    const length = { "Content-Length": String(body.length) };
    const reply = { status, headers: { ...everywhere, ...endpoint.headers, ...headers, ...length }, body };
    replies.set(endpoint, reply);
    return reply;
  }

  return (endpoint, request, response) => {
    const { status, headers, body } = replyOf(endpoint, request);
    response.writeHead(status, headers);
    response.end(body);
  };
}
