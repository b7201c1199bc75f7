import { constants } from "node:crypto";
import type { ServerOptions } from "node:http";
import { createServer, type Server } from "node:https";
import type { SecureContextOptions } from "node:tls";
import type { HttpsConfig, HttpsIdentity } from "@signet/config";
import type { Logger } from "@signet/telemetry";
import type { RequestListener } from "./app.ts";

/** RFC 9325 section 4.2 for TLS 1.2, and all of TLS 1.3: forward secrecy and authenticated encryption only. */
const ciphers = [
  "TLS_AES_256_GCM_SHA384",
  "TLS_CHACHA20_POLY1305_SHA256",
  "TLS_AES_128_GCM_SHA256",
  "ECDHE-ECDSA-AES128-GCM-SHA256",
  "ECDHE-RSA-AES128-GCM-SHA256",
  "ECDHE-ECDSA-AES256-GCM-SHA384",
  "ECDHE-RSA-AES256-GCM-SHA384",
  "ECDHE-ECDSA-CHACHA20-POLY1305",
  "ECDHE-RSA-CHACHA20-POLY1305",
].join(":");
const handshakeMilliseconds = 10_000;

export interface HttpsServer {
  readonly server: Server;
  /** Reads the certificate no more. */
  stop(): void;
}

/**
 * A server over TLS 1.2 and 1.3 that takes each later certificate for the connections that come after it. One that cannot be used is logged, and the one before
 * stays. Callers are asked for a certificate where the settings say so; it is for others to decide what it is good for.
 */
export function createHttpsServer(
  { identity, clientCertificates, clientAuthorities }: HttpsConfig,
  options: ServerOptions,
  listener: RequestListener,
  logger: Pick<Logger, "info" | "error">,
): HttpsServer {
  const contextOf = ({ certificate, key }: HttpsIdentity): SecureContextOptions => ({
    cert: certificate,
    key,
    ciphers,
    minVersion: "TLSv1.2",
    secureOptions: constants.SSL_OP_NO_RENEGOTIATION,
    // Without authorities of its own TLS would take those of the Web: whoever has a certificate of any site would count as verified.
    ca: clientAuthorities === undefined ? [] : [clientAuthorities],
  });
  const server = createServer(
    {
      ...options,
      ...contextOf(identity.value),
      handshakeTimeout: handshakeMilliseconds,
      requestCert: clientCertificates,
      rejectUnauthorized: false,
    },
    (request, response) => void listener(request, response),
  );
  const stop = identity.onChange(
    (changed) => {
      server.setSecureContext(contextOf(changed));
      logger.info("the certificate has changed and is in force");
    },
    (problem) =>
      logger.error({ problem }, "the certificate has changed to one that cannot be used: the one before stays in force"),
  );
  return { server, stop };
}
