import type { ServerResponse } from "node:http";
import { defaultTenantName, type Issuer, issuerOf, parseTenantName, type Tenant, type TenantName } from "@signet/protocol";
import { hasBody } from "./admission/admission.ts";
import { type Endpoint, nameOf, type Services } from "./endpoint.ts";
import { logError } from "./errors/log-error.ts";
import { busyOutcome, outcomeOf } from "./errors/outcome.ts";
import { endOfTurn } from "./http/end-of-turn.ts";
import { errorIdHeader } from "./http/error-id-header.ts";
import { HttpError } from "./http/http-error.ts";
import type { Reply } from "./http/reply.ts";
import type { HostRequest, IssuerRequest } from "./http/request.ts";
import { headersOfEveryReply, write } from "./http/write.ts";
import { refusalOf, refusedBy, type ServedRequest } from "./refusals/refusal-of.ts";
import type { Refused } from "./refusals/refused.ts";
import { beginObserved, type RequestNotes, type RequestObserver } from "./request-observer.ts";

/**
 * Serves one request by its endpoint: the tenant, the steps, the handler, and what went wrong in the endpoint's own form. Where there is no room for it, it is refused
 * before any of that.
 */
export function serve(endpoint: Endpoint, request: HostRequest, response: ServerResponse, services: Services): Promise<void> {
  const { observer, admission } = services;
  const serveNow = () =>
    observer === undefined
      ? answer(endpoint, request, response, services)
      : answerObserved(observer, endpoint, request, response, services);
  if (endpoint.isAlwaysServed) return serveNow();
  if (admission.isFull()) return refuse(endpoint, request, response, services);
  const place = admission.place();
  request.place = place;
  if (!hasBody(request)) place.take();
  return serveNow().finally(place.leave);
}

async function refuse(endpoint: Endpoint, request: HostRequest, response: ServerResponse, services: Services): Promise<void> {
  const observed = services.observer && beginObserved(services.observer, nameOf(endpoint), request);
  services.refuseBusy(endpoint, request, response);
  observed?.end(busyOutcome);
}

async function answerObserved(
  observer: RequestObserver,
  endpoint: Endpoint,
  request: HostRequest,
  response: ServerResponse,
  services: Services,
): Promise<void> {
  const observed = beginObserved(observer, nameOf(endpoint), request);
  const notes: RequestNotes = { status: 500 };
  try {
    request.notes = notes;
    await observed.run(() => answer(endpoint, request, response, services));
  } finally {
    observed.end(notes);
  }
}

async function answer(endpoint: Endpoint, toHost: HostRequest, response: ServerResponse, services: Services): Promise<void> {
  const { notes } = toHost;
  const found = {};
  let request: HostRequest | IssuerRequest = toHost;
  let reply: Reply;
  let refused: Refused | undefined;
  try {
    if (endpoint.at === "issuer") request = await atIssuer(endpoint, toHost, services);
    reply = await endpoint.serve(request, services, found);
    refused = reply.refused;
  } catch (error) {
    const outcome = outcomeOf(error, request.id);
    refused = refusedBy(error, outcome);
    logError(error, outcome, { ...request, endpoint: nameOf(endpoint) }, services.logger);
    reply = endpoint.errors(outcome, request);
  }
  if (refused !== undefined) {
    record({ request, endpoint: nameOf(endpoint), found, status: reply.status }, refused, services);
    reply = { ...reply, headers: { ...reply.headers, [errorIdHeader]: request.id } };
  }
  if (notes !== undefined) notes.status = reply.status;
  await endOfTurn();
  write(response, reply, headersOfEveryReply(services), endpoint.headers);
}

function record(served: ServedRequest, refused: Refused, { refusals }: Services): void {
  const refusal = refusalOf(served, refused);
  if (refusal !== undefined) refusals.record(refusal);
}

async function atIssuer(endpoint: Endpoint, request: HostRequest, services: Services): Promise<IssuerRequest> {
  const { publicUrl } = services;
  const name = tenantNameOf(request.pathParameters.tenant);
  const tenant: Tenant | undefined = name === undefined ? undefined : await tenantOf(endpoint, name, services);
  if (name === undefined || tenant === undefined) throw new HttpError(404, "there is nothing at this address");
  if (request.notes !== undefined) request.notes.tenant = tenant.name;
  const issuer: Issuer = issuerOf(publicUrl, tenant.name);
  return { ...request, tenant, issuer, issuerPath: issuer.slice(publicUrl.length) };
}

function tenantOf({ outlivesRegistry }: Endpoint, name: TenantName, services: Services): Promise<Tenant | undefined> {
  const { directory, lastKnown } = services;
  return outlivesRegistry ? lastKnown.tenants.get(name, () => directory.tenant(name)) : directory.tenant(name);
}

/** The default tenant has no name in its paths, so that each tenant has one issuer only. */
function tenantNameOf(segment: string | undefined): TenantName | undefined {
  if (segment === undefined) return defaultTenantName;
  const name = parseTenantName(segment);
  return name === defaultTenantName ? undefined : name;
}
