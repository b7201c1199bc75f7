export type HealthStatus = "serving" | "not_serving";

/** What a process says of its readiness to take calls, told to whoever asks by `grpc.health.v1`. */
export interface Health {
  /**
   * Says it from now on: of the service with this full name, or, where `service` is "", of the server as a whole and of each service that nothing
   * was said of.
   */
  set(service: string, status: HealthStatus): void;
  /** What was said of a service, or else of the server as a whole. */
  statusOf(service: string): HealthStatus;
  /** Whether something was said of this very service. */
  has(service: string): boolean;
  /** Hears of each change, until the returned function is called. */
  onChange(listener: () => void): () => void;
}

/** Health that is `not_serving` until it is set, unless said otherwise. One may be given to several servers of a process. */
export function createHealth(overall: HealthStatus = "not_serving"): Health {
  const statuses = new Map<string, HealthStatus>([["", overall]]);
  const listeners = new Set<() => void>();
  return {
    set(service, status) {
      statuses.set(service, status);
      for (const listener of [...listeners]) listener();
    },
    statusOf: (service) => statuses.get(service) ?? statuses.get("") ?? overall,
    has: (service) => statuses.has(service),
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
