import type { IncomingMessage, ServerResponse } from "node:http";
import Koa from "koa";
import { cookieJar } from "./cookies/cookie.ts";
import type { Services } from "./endpoint.ts";
import { apiError } from "./errors/api-error.ts";
import { outcomeOf } from "./errors/outcome.ts";
import { pageError } from "./errors/page-error.ts";
import { HttpError } from "./http/http-error.ts";
import { newRequestId } from "./http/request-id.ts";
import { createRouter, write } from "./router.ts";
import { routes } from "./routes.ts";

export type GatewayDependencies = Omit<Services, "cookies">;
export type RequestListener = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The whole public HTTP surface as a listener for `node:http`. It keeps nothing. */
export function createGateway(dependencies: GatewayDependencies): RequestListener {
  const services: Services = { ...dependencies, cookies: cookieJar(dependencies.publicUrl) };
  const router = createRouter(routes, services);
  const app = new Koa();
  const everywhere = headersOfEveryReply(dependencies.publicUrl);
  app.use(async (context, next) => {
    context.set(everywhere);
    await next();
  });
  app.use(router.routes());
  app.use(async (context) => {
    const allowed = [...new Set(router.match(context.path, context.method).path.flatMap(({ methods }) => methods))].filter(
      (name) => name !== "HEAD",
    );
    const error =
      allowed.length > 0
        ? new HttpError(405, `this address answers ${allowed.join(" and ")}`)
        : new HttpError(404, "there is nothing at this address");
    const request = {
      id: newRequestId(),
      method: context.method,
      path: context.path,
      queryString: "",
      headers: context.req.headers,
      pathParameters: {},
      message: context.req,
    };
    const style = context.accepts("json", "html") === "html" ? pageError : apiError;
    const reply = style(outcomeOf(error, request.id), request);
    write(context, allowed.length > 0 ? { ...reply, headers: { ...reply.headers, Allow: allowed.join(", ") } } : reply);
  });
  app.on("error", (error: Error & { code?: string }) => {
    if (error.code !== "ECONNRESET" && error.code !== "EPIPE")
      services.logger.error({ err: error }, "a reply could not be written");
  });
  return app.callback();
}

function headersOfEveryReply(publicUrl: string): Record<string, string> {
  return {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    ...(publicUrl.startsWith("https:") ? { "Strict-Transport-Security": "max-age=31536000; includeSubDomains" } : {}),
  };
}
