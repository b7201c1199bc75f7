import { ServerCredentials as GrpcCredentials, Server } from "@grpc/grpc-js";
import { addGrpcHandlers } from "../channels/grpc/grpc-handlers.ts";
import { listenInProcess } from "../channels/in-process-names.ts";
import { addMuxHandler } from "../channels/mux/mux-handler.ts";
import { grpcTarget, parseTarget } from "../channels/target.ts";
import type { ErrorListener } from "../errors/server-errors.ts";
import { type ConnectionLimits, defaultWindow, grpcOptions, messageLimit } from "../limits.ts";
import type { Service } from "../service-definition.ts";
import { authorize, type ServerCredentials } from "../stack/credentials.ts";
import { countCallsUnderWay } from "./calls-under-way.ts";
import { createDispatcher } from "./dispatcher.ts";

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
  /** Who may call what. Without it anybody may call everything. */
  readonly credentials?: ServerCredentials;
  /** Required for `grpcs:`. */
  readonly tls?: ServerTls;
  readonly onError?: ErrorListener;
  /** For what is not called through the stack, such as reflection. Called before the server listens. */
  readonly prepare?: (server: Server) => void;
}

export interface RunningServer {
  /** The address that channels are created with, the port included. */
  readonly url: string;
  /**
   * Takes no more connections, asks callers to leave, ends streams of messages, and waits until the calls under way have ended. What has not
   * ended after `graceMilliseconds`, 8 seconds unless said otherwise, fails with UNAVAILABLE; half a second later every connection is closed.
   */
  close(graceMilliseconds?: number): Promise<void>;
}

const defaultGraceMilliseconds = 8000;
const farewellMilliseconds = 500;

/** Serves `services` at an address. @throws Error where it is no address to listen at, or is in use */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const maximumMessageBytes = messageLimit(options);
  const authorizer = options.credentials === undefined ? undefined : authorize(options.credentials);
  const methods = createDispatcher(options.services, {
    guard: authorizer?.guard,
    onError: options.onError,
    maximumMessageBytes,
  });
  const target = parseTarget(options.listen);
  if (target.carrier === "inproc") return listenInProcess(target.name, methods);

  const window = options.window ?? defaultWindow;
  const server = new Server({ ...grpcOptions(options), "grpc.max_concurrent_streams": window });
  const calls = countCallsUnderWay();
  addGrpcHandlers(server, { methods, calls, authorizer });
  const mux = addMuxHandler(server, { methods, calls, authorizer, maximumMessageBytes, window, onError: options.onError });
  options.prepare?.(server);
  const credentials = target.isSecure ? secureCredentials(options.tls) : GrpcCredentials.createInsecure();
  const port = await bind(server, grpcTarget(target.host, target.port), credentials);
  const host = target.host.includes(":") ? `[${target.host}]` : target.host;
  return {
    url: `${target.isSecure ? "grpcs" : "grpc"}://${host}:${port}`,
    async close(graceMilliseconds = defaultGraceMilliseconds) {
      mux.drain();
      calls.stopStreams();
      const patience = setTimeout(() => calls.stopAll(), graceMilliseconds);
      // Whoever does not even take the last answers.
      server.drain(grpcTarget(target.host, port), graceMilliseconds + farewellMilliseconds);
      await new Promise<void>((resolve) => server.tryShutdown(() => resolve()));
      clearTimeout(patience);
    },
  };
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
