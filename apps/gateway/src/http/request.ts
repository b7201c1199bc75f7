import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Issuer, Tenant } from "@signet/protocol";
import { newRequestId } from "@signet/rpc";
import type { Place } from "../admission/admission.ts";
import type { Peer } from "../peer/peer.ts";
import type { RequestNotes } from "../request-observer.ts";

/** A request to the host. */
export interface HostRequest extends Peer {
  /** What it is known by in the log, the services' lines included. */
  readonly id: string;
  readonly method: string;
  readonly path: string;
  /** As sent, without the question mark. */
  readonly queryString: string;
  readonly headers: IncomingHttpHeaders;
  /** Named parts of the path. */
  readonly pathParameters: Readonly<Record<string, string>>;
  readonly message: IncomingMessage;
  /**
   * For what its observer is to hear; undefined where there is no observer. Nothing reads it but that one. Set once, when the request begins to be
   * observed: a copy of the request with it would cost three times what the observer does.
   */
  notes: RequestNotes | undefined;
  /** To be taken once the request has arrived, which whoever reads its body sees to; undefined where the endpoint serves however many there are. Set once, likewise. */
  place: Place | undefined;
}

/** `path` and `queryString` are those of the message's target. */
export function hostRequest(
  message: IncomingMessage,
  path: string,
  queryString: string,
  { address, clientCertificate }: Peer,
  pathParameters: HostRequest["pathParameters"] = {},
): HostRequest {
  const method = message.method === "HEAD" ? "GET" : (message.method ?? "");
  const { headers } = message;
  const id = newRequestId();
  return {
    id,
    method,
    path,
    queryString,
    headers,
    address,
    clientCertificate,
    pathParameters,
    message,
    notes: undefined,
    place: undefined,
  };
}

/** A request to an issuer. */
export interface IssuerRequest extends HostRequest {
  readonly tenant: Tenant;
  readonly issuer: Issuer;
  /** What the paths of the issuer's pages begin with: empty for the default tenant. */
  readonly issuerPath: string;
}
