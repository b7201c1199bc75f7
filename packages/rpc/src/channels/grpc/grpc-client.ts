import { isIP } from "node:net";
import { type ChannelCredentials, Client, credentials, type Client as GrpcClient } from "@grpc/grpc-js";
import { type ConnectionLimits, grpcOptions } from "../../limits.ts";
import { grpcTarget } from "../target.ts";

/** What a client trusts, and shows, over TLS. Texts in PEM. */
export interface ClientTls {
  /** Whose certificates it accepts; the system's own authorities unless given. */
  readonly authorities?: string;
  /** Its own certificate and key, for a server that wants one. */
  readonly certificate?: string;
  readonly key?: string;
}

export interface GrpcClientOptions {
  readonly host: string;
  readonly port: number;
  /** Undefined for a connection without TLS. */
  readonly tls: ClientTls | undefined;
  readonly limits: ConnectionLimits;
  /** How long a gRPC message from the server may be, where that is not the limit of the messages themselves. */
  readonly longestBytes: number | undefined;
}

/** A connection of its own to one of the addresses behind `host`; the certificate must be the host's. */
export function openGrpcClient(address: string, { host, port, tls, limits, longestBytes }: GrpcClientOptions): GrpcClient {
  return new Client(grpcTarget(address, port), channelCredentials(tls), {
    ...grpcOptions(limits),
    ...(longestBytes === undefined ? {} : { "grpc.max_receive_message_length": longestBytes }),
    "grpc.default_authority": isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`,
    // A host that is an address is compared with the certificate as it is; it can be no name in TLS (RFC 6066 section 3).
    ...(tls === undefined || isIP(host) !== 0 ? {} : { "grpc.ssl_target_name_override": host }),
    "grpc.use_local_subchannel_pool": 1,
    "grpc.enable_retries": 0,
    "grpc.enable_http_proxy": 0,
    "grpc.service_config_disable_resolution": 1,
    "grpc.initial_reconnect_backoff_ms": 50,
    "grpc.max_reconnect_backoff_ms": 1000,
  });
}

function channelCredentials(tls: ClientTls | undefined): ChannelCredentials {
  if (tls === undefined) return credentials.createInsecure();
  const { authorities, key, certificate } = tls;
  return credentials.createSsl(bytes(authorities), bytes(key), bytes(certificate));
}

function bytes(pem: string | undefined): Buffer | null {
  return pem === undefined ? null : Buffer.from(pem);
}
