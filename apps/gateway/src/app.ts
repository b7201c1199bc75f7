import type { IncomingMessage, ServerResponse } from "node:http";
import type Router from "@koa/router";
import type { HttpsConfig, ProxiesConfig } from "@signet/config";
import type { token } from "@signet/contracts";
import type { Tenant } from "@signet/protocol";
import Koa, { type Context } from "koa";
import { createAdmission } from "./admission/admission.ts";
import { createBusyRefusal } from "./admission/refuse-busy.ts";
import { cookieJar } from "./cookies/cookie.ts";
import type { Services } from "./endpoint.ts";
import { apiError } from "./errors/api-error.ts";
import { logError } from "./errors/log-error.ts";
import { outcomeOf } from "./errors/outcome.ts";
import { pageError } from "./errors/page-error.ts";
import { exactRoutes } from "./exact-routes.ts";
import { errorIdHeader } from "./http/error-id-header.ts";
import { HttpError } from "./http/http-error.ts";
import type { Reply } from "./http/reply.ts";
import type { HostRequest } from "./http/request.ts";
import { headersOfEveryReply, write } from "./http/write.ts";
import { createLastKnown } from "./last-known.ts";
import { peerReader } from "./peer/peer.ts";
import { untrustedProxyWarning } from "./peer/untrusted-proxy.ts";
import { createRefusalRecorder } from "./refusals/refusal-recorder.ts";
import { beginObserved, noEndpoint } from "./request-observer.ts";
import { createRouter, toHostRequest } from "./router.ts";
import { routes } from "./routes.ts";

export interface GatewayDependencies
  extends Omit<Services, "admission" | "cookies" | "lastKnown" | "readPeer" | "refusals" | "refuseBusy" | "seesCertificates"> {
  /** Whom to believe about who sent a request. */
  readonly proxies: ProxiesConfig;
  /** How TLS is served, by this process itself. */
  readonly https: HttpsConfig | undefined;
  /** How many requests are worked on at a time. */
  readonly requestsAtATime: number;
}

export interface Gateway {
  readonly listener: RequestListener;
  /** After the last request, and before the services are closed: resolves once what is told them by the way has been told. */
  close(): Promise<void>;
}

export type RequestListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The whole public HTTP surface as a listener for `node:http`. It keeps nothing but what it last told of what is public. */
export function createGateway({ proxies, https, requestsAtATime, ...dependencies }: GatewayDependencies): Gateway {
  const lastKnown = {
    tenants: createLastKnown<Tenant | undefined>({ patienceMilliseconds: 250 }),
    // A key may be new: what is old is told only when the token service is in trouble.
    keySets: createLastKnown<token.JwksResponse>({ patienceMilliseconds: 1000 }),
  };
  const refusals = createRefusalRecorder(dependencies);
  const services: Services = {
    ...dependencies,
    lastKnown,
    cookies: cookieJar(dependencies.publicUrl),
    readPeer: peerReader(proxies, untrustedProxyWarning(dependencies.logger)),
    refusals,
    admission: createAdmission(requestsAtATime),
    refuseBusy: createBusyRefusal(headersOfEveryReply(dependencies)),
    seesCertificates:
      https?.clientCertificates === true || (proxies.ranges.length > 0 && proxies.certificateHeader !== undefined),
  };
  const router = createRouter(routes, services);
  const app = new Koa();
  app.use(router.routes());
  app.use(async (context) => {
    context.respond = false;
    const request = toHostRequest(context, services);
    const observed = services.observer && beginObserved(services.observer, noEndpoint, request);
    const reply = replyWithoutRoute(router, context, request, services);
    write(context.res, reply, headersOfEveryReply(services));
    observed?.end(reply);
  });
  app.on("error", (error: Error & { code?: string }) => {
    if (!isHangUp(error.code)) services.logger.error({ err: error }, "a reply could not be written");
  });
  const exact = exactRoutes(routes, services);
  const others = app.callback();
  return {
    listener: (request, response) => exact(request, response) ?? others(request, response),
    close: () => refusals.close(),
  };
}

/** Nothing is at the address, or nothing that answers the method (RFC 9110 sections 15.5.5 and 15.5.6). */
function replyWithoutRoute(router: Router, context: Context, request: HostRequest, { logger }: Services): Reply {
  const methods = router.match(context.path, context.method).path.flatMap((route) => route.methods);
  const allowed = [...new Set(methods)].filter((name) => name !== "HEAD");
  const isThere = allowed.length > 0;
  const error = isThere
    ? new HttpError(405, `this address answers ${allowed.join(" and ")}`)
    : new HttpError(404, "there is nothing at this address");
  const outcome = outcomeOf(error, request.id);
  logError(error, outcome, { ...request, endpoint: noEndpoint }, logger);
  const style = context.accepts("json", "html") === "html" ? pageError : apiError;
  const { headers, ...reply } = style(outcome, request);
  const allow = isThere ? { Allow: allowed.join(", ") } : {};
  return { ...reply, headers: { ...headers, ...allow, [errorIdHeader]: request.id } };
}

/** A client that went away, maybe in the middle of its request (node's HTTP parser says so): no fault of ours, and none to fill the log with. */
function isHangUp(code = ""): boolean {
  return code === "ECONNRESET" || code === "EPIPE" || code.startsWith("HPE_");
}
