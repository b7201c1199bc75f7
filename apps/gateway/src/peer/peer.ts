import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import type { ProxiesConfig } from "@signet/config";
import { type ClientCertificate, certificateInHeader } from "./client-certificate.ts";
import { forwardedAddress, plainAddress } from "./forwarded-address.ts";
import { isInRanges } from "./ranges.ts";
import type { UntrustedProxyListener } from "./untrusted-proxy.ts";

/** Who sent a request, as far as the network tells. */
export interface Peer {
  /** The IP address, IPv4 never as IPv6; empty where the connection ended before anybody asked. */
  readonly address: string;
  /** What it showed in TLS, to Signet or to a trusted proxy. */
  readonly clientCertificate: ClientCertificate | undefined;
}

export type PeerReader = (message: IncomingMessage) => Peer;

/**
 * Tells who sent a request. Nobody but the proxies that `proxies` names is believed about another than itself; behind one of those the connection's own
 * certificate is the proxy's, and says nothing of the caller. `onUntrusted` hears of each request that none of them sent.
 */
export function peerReader(
  { ranges, certificateHeader, verifiedHeader }: ProxiesConfig,
  onUntrusted: UntrustedProxyListener,
): PeerReader {
  const isTrusted = ranges.length === 0 ? () => false : isInRanges(ranges);
  return (message) => {
    const peer = connected(message);
    if (!isTrusted(peer.address)) {
      onUntrusted(message, peer.address);
      return peer;
    }
    const { headers } = message;
    return {
      address: forwardedAddress(headers["x-forwarded-for"], peer.address, isTrusted),
      clientCertificate:
        certificateHeader === undefined
          ? undefined
          : certificateInHeader(headers[certificateHeader], verifiedHeader === undefined ? undefined : headers[verifiedHeader]),
    };
  };
}

function connected({ socket }: IncomingMessage): Peer {
  const address = plainAddress(socket.remoteAddress ?? "");
  return { address, clientCertificate: socket instanceof TLSSocket ? shownIn(socket) : undefined };
}

const shown = new WeakMap<TLSSocket, ClientCertificate | undefined>();

/** The same for all requests of a connection, so asked for once. */
function shownIn(socket: TLSSocket): ClientCertificate | undefined {
  if (shown.has(socket)) return shown.get(socket);
  const certificate = socket.getPeerX509Certificate();
  const found = certificate && { der: certificate.raw, isVerified: socket.authorized };
  shown.set(socket, found);
  return found;
}
