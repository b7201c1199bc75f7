import { defaultTenantName } from "@signet/protocol";
import { hostEndpoint } from "../endpoint.ts";
import { apiError } from "../errors/api-error.ts";
import { inRequest } from "../http/in-request.ts";
import { json } from "../http/reply.ts";

/** The process lives. */
export const healthz = hostEndpoint({
  method: "GET",
  paths: ["/healthz"],
  errors: apiError,
  steps: [],
  handle: async () => json(200, { status: "ok" }),
});

/** It can serve: the registry answers, and through it the store. */
export const readyz = hostEndpoint({
  method: "GET",
  paths: ["/readyz"],
  errors: apiError,
  steps: [],
  async handle(request, { registry }) {
    await registry.getTenant({ name: defaultTenantName }, inRequest(request));
    return json(200, { status: "ready" });
  },
});
