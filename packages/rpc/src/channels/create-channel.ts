import { lookup as systemLookup } from "node:dns/promises";
import type { Carrier } from "../client/carrier.ts";
import { clientOf } from "../client/client-of.ts";
import { type ConnectionLimits, defaultWindow, longestBatchBytes, messageLimit } from "../limits.ts";
import type { ServiceDefinition } from "../service-definition.ts";
import type { ClientCredentials } from "../stack/credentials.ts";
import { asCurrent, type Current } from "../stack/current.ts";
import { bounded } from "./bounded.ts";
import { type ClientTls, openGrpcClient } from "./grpc/grpc-client.ts";
import { createGrpcReplica } from "./grpc/grpc-replica.ts";
import { inProcessCarrier } from "./in-process.ts";
import { servedInProcess } from "./in-process-names.ts";
import { createMuxReplica } from "./mux/mux-replica.ts";
import { type ConnectionListener, createReplicaSet, type Lookup } from "./replica-set.ts";
import { parseTarget, type Target } from "./target.ts";

export interface ChannelOptions extends ConnectionLimits {
  /**
   * Where they change, the new ones are shown from the next call on; a connection for multiplexed calls that was opened with the earlier ones is
   * left, without a failed call, once another is open. A server that does not accept the new ones yet is asked again and again meanwhile.
   */
  readonly credentials?: ClientCredentials | Current<ClientCredentials>;
  /**
   * Whether what it leads to are services of the same Signet, to whom these credentials are a part of the deployment: where they do not accept them,
   * calls fail with a `CredentialsRefusedError` of the kind `unavailable`. Otherwise, as for any other client, with `unauthenticated` or `forbidden`.
   */
  readonly ownServices?: boolean;
  /** For `grpcs:` and `muxs:`. */
  readonly tls?: ClientTls;
  /** The addresses behind the target's host; the system's resolver unless given. */
  readonly lookup?: Lookup;
  /** How often the host is looked up again while nothing is wrong: every 5 seconds unless said otherwise. */
  readonly lookupMilliseconds?: number;
  /** How long a server may take to accept a connection for multiplexed calls: 5 seconds unless said otherwise. */
  readonly connectMilliseconds?: number;
  readonly onLost?: ConnectionListener;
}

/** A way to all replicas of one service, or of several at one address. */
export interface Channel {
  /** The generated client interface: `channel.client<token.TokenServiceClient>(token.TokenServiceDefinition)`. */
  client<Client>(definition: ServiceDefinition): Client;
  /** Outstanding calls fail with UNAVAILABLE, and so does every later one. */
  close(): void;
}

const defaultLookupMilliseconds = 5000;
const defaultConnectMilliseconds = 5000;

/**
 * A channel to `target`, whose scheme says what carries the calls: `inproc:name` nothing, `grpc://host:port` and `grpcs:` plain unary gRPC,
 * `mux://host:port` and `muxs:` one stream per server. Clients of all of them behave alike. A call of a method that the proto declares to have no
 * side effects, or to be idempotent, is repeated where the server was not to be reached or was lost.
 * @throws Error where it is no such address
 */
export function createChannel(target: string, options: ChannelOptions = {}): Channel {
  const credentials = options.credentials === undefined ? undefined : asCurrent(options.credentials);
  const { carrier, close, showsCredentials } = carrierTo(parseTarget(target), options, credentials);
  const parts = {
    carrier,
    repeats: true,
    credentials: showsCredentials ? undefined : credentials,
    ownServices: options.ownServices ?? false,
    maximumMessageBytes: messageLimit(options),
  };
  return {
    client: (definition) => clientOf(definition, parts),
    close,
  };
}

interface OpenCarrier {
  readonly carrier: Carrier;
  /** Whether the credentials are shown on the connection, so that no call needs to. */
  readonly showsCredentials: boolean;
  close(): void;
}

function carrierTo(target: Target, options: ChannelOptions, credentials: Current<ClientCredentials> | undefined): OpenCarrier {
  const window = options.window ?? defaultWindow;
  if (target.carrier === "inproc") {
    let isClosed = false;
    const carrier = inProcessCarrier(() => (isClosed ? undefined : servedInProcess(target.name)));
    return {
      carrier: bounded(carrier, window),
      showsCredentials: false,
      close() {
        isClosed = true;
      },
    };
  }

  const isMux = target.carrier === "mux";
  const clientOptions = {
    host: target.host,
    port: target.port,
    tls: target.isSecure ? (options.tls ?? {}) : undefined,
    limits: options,
    longestBytes: isMux ? longestBatchBytes : undefined,
  };
  const connectMilliseconds = options.connectMilliseconds ?? defaultConnectMilliseconds;
  const replicas = createReplicaSet({
    host: target.host,
    lookup: options.lookup ?? systemAddresses,
    lookupMilliseconds: options.lookupMilliseconds ?? defaultLookupMilliseconds,
    maximumWaiting: window,
    onLost: options.onLost,
    open(address, events) {
      const openClient = () => openGrpcClient(address, clientOptions);
      return isMux
        ? createMuxReplica({ openClient, credentials, window, connectMilliseconds }, events)
        : createGrpcReplica(openClient(), window, events);
    },
  });
  return { carrier: replicas, showsCredentials: isMux, close: () => replicas.close() };
}

/** As the system resolves names: its hosts file, its order, all addresses. */
async function systemAddresses(host: string): Promise<readonly string[]> {
  const found = await systemLookup(host, { all: true });
  return found.map(({ address }) => address);
}
