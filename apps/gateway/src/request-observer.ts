import { parseClientId } from "@signet/protocol";
import type { HostRequest } from "./http/request.ts";

/** Hears of each request. Where there is none, a request pays nothing. */
export interface RequestObserver {
  /** A request begins. */
  begin(request: ObservableRequest): ObservedRequest;
}

export interface ObservableRequest {
  /** What it is known by in the log and at the services. */
  readonly id: string;
  readonly method: string;
  /** The endpoint's first path, with its named parts as they stand in the route table; `none` where there is no endpoint. Never what was sent. */
  readonly endpoint: string;
  /** The W3C Trace Context that it claims to be a part of. Anybody can send one: not to be trusted. */
  readonly traceparent: string | undefined;
}

export interface ObservedRequest {
  /** Does the request's work, which gets to know that it is a part of it. */
  run<Result>(work: () => Result): Result;
  /** The reply has been written. */
  end(answer: RequestNotes): void;
}

/** What an observed request is found to be while it is served. */
export interface RequestNotes {
  /** Of the reply. */
  status: number;
  /** The name of the tenant, where there is such a tenant. */
  tenant?: string;
  /** The client that it names; whether it is that client is a question for the services. */
  clientId?: string;
}

/** What stands for the endpoint where there is none. */
export const noEndpoint = "none";

/** Begins to observe the request. */
export function beginObserved(observer: RequestObserver, endpoint: string, { id, message }: HostRequest): ObservedRequest {
  const { traceparent } = message.headers;
  return observer.begin({
    id,
    method: message.method ?? "",
    endpoint,
    traceparent: typeof traceparent === "string" ? traceparent : undefined,
  });
}

/** Notes the client that the request names. What has not the form of a client's id is not noted: it may be anything, even a secret in the wrong place. */
export function noteClient(notes: RequestNotes, named: string | undefined): void {
  const clientId = named === undefined ? undefined : parseClientId(named);
  if (clientId !== undefined) notes.clientId = clientId;
}
