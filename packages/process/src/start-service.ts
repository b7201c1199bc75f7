import type { ServedConfig, TlsConfig } from "@signet/config";
import { ResourceError } from "@signet/protocol";
import { CredentialsRefusedError, observedService, type Service, type ServiceDefinition } from "@signet/rpc";
import { createHealth, type ServerTls, serve } from "@signet/rpc/network";
import type { Telemetry } from "@signet/telemetry";
import { followed } from "./followed.ts";
import { logErrors } from "./log-errors.ts";
import { watchReadiness } from "./readiness.ts";
import { requireServerTls } from "./require-tls.ts";
import type { RunningProgram } from "./run-program.ts";
import { type MethodCallers, withMethods } from "./with-methods.ts";

export interface ServiceProgram<Definition extends ServiceDefinition> {
  readonly config: ServedConfig;
  readonly telemetry: Pick<Telemetry, "logger" | "callsServed">;
  readonly definition: Definition;
  readonly implementation: Service["implementation"];
  readonly methods: MethodCallers<Definition>;
  /** What it cannot serve without, by name. */
  readonly needs: Readonly<Record<string, () => Promise<unknown>>>;
  /** What it waits for at its start alone: later on what needs it fails, and the rest goes on. */
  readonly needsAtStart?: Readonly<Record<string, () => Promise<unknown>>>;
  /** What the first start makes, once everything that is needed is there. May be begun again. */
  readonly prepare?: () => Promise<void>;
  /** After the last call: lets go of everything. */
  readonly close: () => Promise<void>;
}

/**
 * Serves one service over the network. It listens at once, and counts as ready once everything is there.
 * @throws StartError where the configuration makes no server
 */
export async function startService<Definition extends ServiceDefinition>(
  program: ServiceProgram<Definition>,
): Promise<RunningProgram> {
  const { config, telemetry, definition, implementation, methods, needs, needsAtStart, prepare } = program;
  const { logger } = telemetry;
  requireServerTls(config.rpcListen, config.tls, config.callers.value);
  const callers = followed(config.callers, (configured) => withMethods(definition, methods, configured), logger);
  const health = createHealth();
  const server = await serve({
    services: [observedService({ definition, implementation }, telemetry.callsServed)],
    listen: config.rpcListen,
    credentials: { callers: callers.value },
    health,
    reflection: config.reflection,
    onError: logErrors(logger),
    ...serverTls(config.tls),
  });
  const readiness = watchReadiness({
    needs,
    ...(needsAtStart === undefined ? {} : { needsAtStart }),
    ...(prepare === undefined ? {} : { prepare }),
    mayPass: (error) =>
      error instanceof ResourceError && error.kind === "unavailable" && !(error instanceof CredentialsRefusedError),
    onChange: (waitingFor) => health.set("", waitingFor.length === 0 ? "serving" : "not_serving"),
    logger,
  });
  return {
    url: server.url,
    ready: readiness.ready,
    async close() {
      callers.stop();
      // Together: what waits for a store that is away has to be over as soon as the calls under way are.
      await Promise.all([server.close(), readiness.close()]);
      await program.close();
    },
  };
}

function serverTls({ certificate, key, authorities }: TlsConfig): { readonly tls?: ServerTls } {
  if (certificate === undefined || key === undefined) return {};
  return { tls: { certificate, key, ...(authorities === undefined ? {} : { clientAuthorities: authorities }) } };
}
