import type { ServerResponse } from "node:http";
import type { Endpoint } from "../endpoint.ts";
import { busyOutcome } from "../errors/outcome.ts";
import type { Reply } from "../http/reply.ts";
import type { HostRequest } from "../http/request.ts";
import { type FixedHeaders, write } from "../http/write.ts";

/** What each endpoint says to those for whom there is no room, in its own form: made once, since it must cost as good as nothing then. */
const replies = new WeakMap<Endpoint, Reply>();

/** Refuses a request for which there is no room. */
export function refuseBusy(endpoint: Endpoint, request: HostRequest, response: ServerResponse, everywhere: FixedHeaders): void {
  const made = replies.get(endpoint);
  const reply = made ?? endpoint.errors(busyOutcome, request);
  if (made === undefined) replies.set(endpoint, reply);
  write(response, reply, everywhere, endpoint.headers);
}
