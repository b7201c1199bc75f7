import { X509Certificate } from "node:crypto";
import { createSecureContext } from "node:tls";
import type { ConfiguredCaller, TlsConfig } from "@signet/config";
import { StartError } from "./start-error.ts";
import { usable } from "./usable.ts";

/** @throws StartError where a certificate and its key do not go together, or a text is none */
export function requireUsableTls({ certificate, key, authorities }: TlsConfig): void {
  if ((certificate === undefined) !== (key === undefined))
    throw new StartError("SIGNET_TLS_CERTIFICATE and SIGNET_TLS_KEY are given together or not at all");
  if (certificate !== undefined && key !== undefined)
    usable("SIGNET_TLS_CERTIFICATE with SIGNET_TLS_KEY", () => createSecureContext({ cert: certificate, key }));
  if (authorities !== undefined) usable("SIGNET_TLS_AUTHORITIES", () => certificatesIn(authorities));
}

/** A secure context would leave out without a word what is no certificate. @throws Error for that */
function certificatesIn(pem: string): readonly X509Certificate[] {
  const parts = pem.split(/(?<=-----END [A-Z ]+-----)\s+/).filter((part) => part.trim() !== "");
  return parts.map((part) => new X509Certificate(part));
}

/** @throws StartError for a service at `grpcs:` without a certificate, or with callers whose certificates it does not verify */
export function requireServerTls(
  listen: string,
  { certificate, authorities }: TlsConfig,
  callers: readonly ConfiguredCaller[],
): void {
  const isSecure = listen.startsWith("grpcs:");
  if (isSecure && certificate === undefined)
    throw new StartError("SIGNET_RPC_LISTEN is grpcs:, which needs SIGNET_TLS_CERTIFICATE and SIGNET_TLS_KEY");
  const byCertificate = callers.find(({ certificateName }) => certificateName !== undefined);
  if (byCertificate !== undefined && (!isSecure || authorities === undefined))
    throw new StartError(
      `SIGNET_CALLERS knows ${byCertificate.name} by a certificate, which needs a grpcs: SIGNET_RPC_LISTEN and SIGNET_TLS_AUTHORITIES`,
    );
}
