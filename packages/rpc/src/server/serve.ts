import { setImmediate as turnOfTheEventLoop } from "node:timers/promises";
import { ServerCredentials as GrpcCredentials, logVerbosity, Server, setLogVerbosity } from "@grpc/grpc-js";
import { health } from "@signet/contracts";
import { addGrpcHandlers } from "../channels/grpc/grpc-handlers.ts";
import { listenInProcess } from "../channels/in-process-names.ts";
import { addMuxHandler } from "../channels/mux/mux-handler.ts";
import { grpcTarget, parseTarget } from "../channels/target.ts";
import type { ErrorListener } from "../errors/server-errors.ts";
import { createHealth, type Health } from "../health/health.ts";
import { createHealthService } from "../health/health-service.ts";
import { type ConnectionLimits, defaultWindow, grpcOptions, messageLimit } from "../limits.ts";
import type { Service } from "../service-definition.ts";
import { settledOrAborted } from "../stack/abortable.ts";
import { type Authorizer, authorize, type ServerCredentials } from "../stack/credentials.ts";
import { countCallsUnderWay } from "./calls-under-way.ts";
import { createDispatcher } from "./dispatcher.ts";
import { watchStandstill } from "./standstill.ts";

/** What a server shows, and trusts, over TLS. Texts in PEM. */
export interface ServerTls {
  readonly certificate: string;
  readonly key: string;
  /** Callers must have a certificate of these authorities. */
  readonly clientAuthorities?: string;
}

export interface ServeOptions extends ConnectionLimits {
  readonly services: readonly Service[];
  /**
   * `grpc://host:port` or `grpcs://host:port`: plain gRPC and multiplexed calls on one port, 0 for a free one; the host is an IP address.
   * Or `inproc:name`, for channels in this process.
   */
  readonly listen: string;
  /** Who may call what. Without it anybody may call everything. Health is open to anybody by plain gRPC, so that an orchestrator can ask. */
  readonly credentials?: ServerCredentials;
  /** Required for `grpcs:`. */
  readonly tls?: ServerTls;
  readonly onError?: ErrorListener;
  /** What `grpc.health.v1` says of the server and its services; that they serve, unless given. */
  readonly health?: Health;
  /** Whether callers that are known may learn by gRPC server reflection what there is; not, unless said otherwise. */
  readonly reflection?: boolean;
}

export interface RunningServer {
  /** The address that channels are created with, the port included. */
  readonly url: string;
  /**
   * Says by `grpc.health.v1` that it does not serve, answers UNAVAILABLE to further calls, asks callers to leave, ends streams of messages, and
   * waits until the calls under way have ended. What has not ended after `graceMilliseconds`, 8 seconds unless said otherwise, fails with
   * UNAVAILABLE; half a second later every connection is ended, and not waited for much longer.
   */
  close(graceMilliseconds?: number): Promise<void>;
}

const anybody = [health.HealthDefinition.fullName];
const defaultGraceMilliseconds = 8000;
const farewellMilliseconds = 500;

/** Nobody can listen at the address: it is in use, or none of this machine's. */
export class ListenError extends Error {
  override readonly name = "ListenError";
}

// Whatever it has to say comes as an error too; standard error is for what a program says of its start.
setLogVerbosity(logVerbosity.NONE);

/**
 * Serves `services` at an address.
 * @throws ListenError where that is in use, or none of this machine's; Error where it is no address to listen at
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const maximumMessageBytes = messageLimit(options);
  const authorizer = authorizerOf(options.credentials);
  const healthService = createHealthService(options.health ?? createHealth("serving"), options.services);
  const services = [...options.services, healthService];
  const methods = createDispatcher(services, { guard: authorizer?.guard, onError: options.onError, maximumMessageBytes });
  const target = parseTarget(options.listen);
  if (target.carrier === "inproc") return listenInProcess(target.name, methods, () => authorizer?.close());

  const window = options.window ?? defaultWindow;
  const server = new Server({ ...grpcOptions(options), "grpc.max_concurrent_streams": window });
  const standstill = watchStandstill();
  const calls = countCallsUnderWay(standstill);
  addGrpcHandlers(server, { methods, calls, authorizer });
  const mux = addMuxHandler(server, { methods, calls, authorizer, maximumMessageBytes, window, onError: options.onError });
  if (options.reflection) {
    const { addReflectionHandlers } = await import("../reflection/reflection-handler.ts");
    const names = services.map(({ definition }) => definition.fullName);
    addReflectionHandlers(server, { services: names, calls, authorizer, onError: options.onError });
  }
  const credentials = target.isSecure ? secureCredentials(options.tls) : GrpcCredentials.createInsecure();
  const port = await bind(server, grpcTarget(target.host, target.port), credentials).catch((cause: Error) => {
    throw new ListenError(`cannot listen at ${options.listen}: ${cause.message}`, { cause });
  });
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return {
    url: `${target.isSecure ? "grpcs" : "grpc"}://${host}:${port}`,
    async close(graceMilliseconds = defaultGraceMilliseconds) {
      healthService.stop();
      // Whoever watches it has been told by then, and is asked to leave after that.
      await turnOfTheEventLoop();
      const haveLeft = mux.drain();
      calls.stopStreams();
      const patience = new AbortController();
      const timer = setTimeout(() => patience.abort(), graceMilliseconds);
      await settledOrAborted(Promise.all([calls.none(), haveLeft]), patience.signal);
      clearTimeout(timer);
      calls.stopAll();
      standstill.stop();
      // Not before: once HTTP/2 is told of the end, the next keepalive of a grpc-js client fails, and with it all that the connection carries.
      // Whoever does not even take the last answers is not waited for.
      server.drain(grpcTarget(target.host, port), farewellMilliseconds);
      // Node ends the connection of a session that was asked to leave, and does not cut it: one whose other side stays ends with the process.
      const hasShutDown = new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      await settledOrAborted(hasShutDown, AbortSignal.timeout(2 * farewellMilliseconds));
      authorizer?.close();
    },
  };
}

function authorizerOf(credentials: ServerCredentials | undefined): Authorizer | undefined {
  if (credentials === undefined) return undefined;
  return authorize({ ...credentials, open: [...(credentials.open ?? []), ...anybody] });
}

function bind(server: Server, address: string, credentials: GrpcCredentials): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => (error === null ? resolve(port) : reject(error)));
  });
}

function secureCredentials(tls: ServerTls | undefined): GrpcCredentials {
  if (tls === undefined) throw new Error("grpcs: needs a certificate and its key");
  const pair = { cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) };
  return tls.clientAuthorities === undefined
    ? GrpcCredentials.createSsl(null, [pair], false)
    : GrpcCredentials.createSsl(Buffer.from(tls.clientAuthorities), [pair], true);
}
