import { hostEndpoint } from "../endpoint.ts";
import { apiError } from "../errors/api-error.ts";
import { json } from "../http/reply.ts";

/** The process lives. */
export const healthz = hostEndpoint({
  method: "GET",
  paths: ["/healthz"],
  errors: apiError,
  steps: [],
  isAlwaysServed: true,
  handle: async () => json(200, { status: "ok" }),
});

/** It can serve, or what it waits for. */
export const readyz = hostEndpoint({
  method: "GET",
  paths: ["/readyz"],
  errors: apiError,
  steps: [],
  isAlwaysServed: true,
  async handle(_request, { waitingFor }) {
    const names = await waitingFor();
    if (names.length === 0) return json(200, { status: "ready" });
    return json(503, { status: "waiting", waiting_for: names }, { "Retry-After": "1" });
  },
});
