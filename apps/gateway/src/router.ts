import Router from "@koa/router";
import type { Context } from "koa";
import { type Endpoint, nameOf, type Services } from "./endpoint.ts";
import type { Reply } from "./http/reply.ts";
import { type HostRequest, hostRequest } from "./http/request.ts";
import { headersOfEveryReply, write } from "./http/write.ts";
import { beginObserved } from "./request-observer.ts";
import { serve } from "./serve.ts";

const wellKnown = "/.well-known/";

/** Where an endpoint answers: at the host, or beneath the default tenant's issuer and every other one's. */
export function patternsOf({ at, paths }: Endpoint): readonly string[] {
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
  // Replies are written past Koa.
  router.use((context, next) => {
    context.respond = false;
    return next();
  });
  for (const endpoint of endpoints) {
    const patterns = [...patternsOf(endpoint)];
    router.register(patterns, [...endpoint.methods], (context) =>
      serve(endpoint, toHostRequest(context, services), context.res, services),
    );
    if (endpoint.isCrossOrigin) {
      const reply = preflight(endpoint);
      router.register(patterns, ["OPTIONS"], (context) => {
        const { observer } = services;
        const observed = observer && beginObserved(observer, nameOf(endpoint), toHostRequest(context, services));
        write(context.res, reply, everywhere);
        observed?.end(reply);
      });
    }
  }
  return router;
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

/** The request as endpoints and error styles see it. */
export function toHostRequest(
  context: Context & { params?: Record<string, string> },
  { readPeer }: Pick<Services, "readPeer">,
): HostRequest {
  return hostRequest(context.req, context.path, context.querystring, readPeer(context.req), context.params);
}
