import { health as wire } from "@signet/contracts";
import { ResourceError } from "@signet/protocol";
import { type CallContext, ServerError, Status } from "nice-grpc-common";
import type { Service } from "../service-definition.ts";
import type { Health } from "./health.ts";

const { NOT_SERVING, SERVICE_UNKNOWN, SERVING } = wire.HealthCheckResponse_ServingStatus;
type ServingStatus = wire.HealthCheckResponse_ServingStatus;

/** Anybody may watch: what that takes of the server has a bound. */
const maximumWatchers = 1024;

export interface HealthService extends Service {
  /** The server is about to stop: whatever `health` goes on to say, this server does not serve. */
  stop(): void;
}

/** `grpc.health.v1.Health` of a server with these services, as https://github.com/grpc/grpc/blob/master/doc/health-checking.md describes it. */
export function createHealthService(health: Health, services: readonly Service[]): HealthService {
  const served = new Set(["", wire.HealthDefinition.fullName, ...services.map(({ definition }) => definition.fullName)]);
  const wakers = new Set<() => void>();
  let isStopping = false;

  function statusOf(service: string): ServingStatus | undefined {
    if (!served.has(service) && !health.has(service)) return undefined;
    return isStopping || health.statusOf(service) === "not_serving" ? NOT_SERVING : SERVING;
  }

  const implementation: wire.HealthServiceImplementation = {
    async check({ service }) {
      const status = statusOf(service);
      if (status === undefined) throw new ResourceError("not_found", "the server has no such service");
      return { status };
    },

    async *watch({ service }, { signal }: CallContext) {
      if (wakers.size >= maximumWatchers) throw new ServerError(Status.RESOURCE_EXHAUSTED, "too many watch already");
      let wake = () => {};
      const waker = () => wake();
      const forgetHealth = health.onChange(waker);
      wakers.add(waker);
      signal.addEventListener("abort", waker, { once: true });
      try {
        let said: ServingStatus | undefined;
        while (!signal.aborted) {
          const status = statusOf(service) ?? SERVICE_UNKNOWN;
          if (status === said) {
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
          } else {
            said = status;
            yield { status };
          }
        }
      } finally {
        forgetHealth();
        wakers.delete(waker);
        signal.removeEventListener("abort", waker);
      }
    },
  };

  return {
    definition: wire.HealthDefinition,
    implementation,
    stop() {
      isStopping = true;
      for (const wake of [...wakers]) wake();
    },
  };
}
