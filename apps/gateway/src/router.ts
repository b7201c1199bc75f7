import Router from "@koa/router";
import { defaultTenantName, type Issuer, issuerOf, parseTenantName, type Tenant, type TenantName } from "@signet/protocol";
import type { Context, Middleware } from "koa";
import type { Endpoint, Services } from "./endpoint.ts";
import { logError } from "./errors/log-error.ts";
import { outcomeOf } from "./errors/outcome.ts";
import { HttpError } from "./http/http-error.ts";
import type { Reply } from "./http/reply.ts";
import type { HostRequest, IssuerRequest } from "./http/request.ts";
import { newRequestId } from "./http/request-id.ts";
import { type FixedHeaders, headersOfEveryReply, write } from "./http/write.ts";

const wellKnown = "/.well-known/";

/** Where an endpoint answers: at the host, or beneath the default tenant's issuer and every other one's. */
function patternsOf({ at, paths }: Endpoint): readonly string[] {
  if (at === "host") return paths;
  return paths.flatMap((path) => [
    path,
    path === "/" ? "/:tenant" : `/:tenant${path}`,
    // RFC 8414 section 3.1 puts the issuer's path behind the well-known one.
    ...(path.startsWith(wellKnown) ? [`${path}/:tenant`] : []),
  ]);
}

/** The routes as Koa middleware. Anything else is left to what follows. */
export function createRouter(endpoints: readonly Endpoint[], services: Services): Router {
  const router = new Router({ sensitive: true });
  const everywhere = headersOfEveryReply(services);
  for (const endpoint of endpoints) {
    const patterns = [...patternsOf(endpoint)];
    router.register(patterns, [...endpoint.methods], (context) => serve(endpoint, context, services, everywhere));
    if (endpoint.isCrossOrigin) {
      router.register(patterns, ["OPTIONS"], (context) => write(context, preflight(endpoint), everywhere));
    }
  }
  return router;
}

/** The same routes as far as their paths have no named part, found by one look-up: the router tries a hundred patterns in turn. */
export function staticRoutes(endpoints: readonly Endpoint[], services: Services): Middleware {
  const everywhere = headersOfEveryReply(services);
  const table = new Map<string, Endpoint>();
  for (const endpoint of endpoints) {
    const paths = patternsOf(endpoint).filter((path) => !path.includes(":"));
    for (const method of endpoint.methods) for (const path of paths) table.set(`${method} ${path}`, endpoint);
  }
  return (context, next) => {
    const endpoint = table.get(`${context.method} ${context.path}`);
    return endpoint === undefined ? next() : serve(endpoint, context, services, everywhere);
  };
}

async function serve(endpoint: Endpoint, context: Context, services: Services, everywhere: FixedHeaders): Promise<void> {
  const hostRequest = toHostRequest(context);
  let request: HostRequest | IssuerRequest = hostRequest;
  let reply: Reply;
  try {
    if (endpoint.at === "issuer") request = await atIssuer(hostRequest, services);
    reply = await endpoint.serve(request, services);
  } catch (error) {
    const outcome = outcomeOf(error, request.id);
    logError(error, outcome, request, services.logger);
    reply = endpoint.errors(outcome, request);
  }
  write(context, reply, everywhere, endpoint.headers);
}

/** The request as endpoints and error styles see it. */
export function toHostRequest(context: Context & { params?: Record<string, string> }): HostRequest {
  return {
    id: newRequestId(),
    method: context.method === "HEAD" ? "GET" : context.method,
    path: context.path,
    queryString: context.querystring,
    headers: context.req.headers,
    pathParameters: context.params ?? {},
    message: context.req,
  };
}

async function atIssuer(request: HostRequest, { directory, publicUrl }: Services): Promise<IssuerRequest> {
  const name = tenantNameOf(request.pathParameters.tenant);
  const tenant: Tenant | undefined = name === undefined ? undefined : await directory.tenant(name);
  if (name === undefined || tenant === undefined) throw new HttpError(404, "there is nothing at this address");
  const issuer: Issuer = issuerOf(publicUrl, tenant.name);
  return { ...request, tenant, issuer, issuerPath: issuer.slice(publicUrl.length) };
}

/** The default tenant has no name in its paths, so that each tenant has one issuer only. */
function tenantNameOf(segment: string | undefined): TenantName | undefined {
  if (segment === undefined) return defaultTenantName;
  const name = parseTenantName(segment);
  return name === defaultTenantName ? undefined : name;
}

function preflight({ methods, headers }: Endpoint): Reply {
  return {
    status: 204,
    headers: {
      ...headers,
      "Access-Control-Allow-Methods": methods.join(", "),
      "Access-Control-Allow-Headers": "Authorization, Content-Type",
      "Access-Control-Max-Age": "7200",
    },
  };
}
