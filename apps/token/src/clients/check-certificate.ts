import type { ClientKeys } from "@signet/client-keys";
import type { token } from "@signet/contracts";
import { type Client, clientAuthenticationFailed, isOfSubject, parseCertificate } from "@signet/protocol";

/** What a client showed in TLS. */
export type ShownCertificate = Pick<token.ClientAuthentication, "certificate" | "certificateVerified">;

/**
 * Checks that the certificate that was shown in TLS is the client's: by a name in it that an authority vouches for (`tls_client_auth`, RFC 8705 section 2.1), or
 * because the client has published that very certificate (`self_signed_tls_client_auth`, section 2.2). TLS has seen that whoever showed it holds its key.
 * @throws OAuthError invalid_client
 */
export async function checkCertificate(
  { certificate: der, certificateVerified }: ShownCertificate,
  client: Client,
  { clientKeys }: { readonly clientKeys: ClientKeys },
): Promise<void> {
  if (der.length === 0) throw clientAuthenticationFailed("no certificate was shown");
  const certificate = parseCertificate(der);
  if (certificate === undefined) throw clientAuthenticationFailed("what was shown is no certificate");
  const { tlsClientAuthSubject, tokenEndpointAuthMethod } = client.metadata;
  if (tokenEndpointAuthMethod === "self_signed_tls_client_auth") {
    if (!(await clientKeys.publishes(certificate, client)))
      throw clientAuthenticationFailed("the client has not published the certificate");
    return;
  }
  if (!certificateVerified) throw clientAuthenticationFailed("no authority that counts vouches for the certificate");
  if (tlsClientAuthSubject === undefined || !isOfSubject(certificate, tlsClientAuthSubject)) {
    throw clientAuthenticationFailed("the certificate is not of the subject that is registered", {
      ...(tlsClientAuthSubject === undefined ? {} : { expected: `${tlsClientAuthSubject.member} ${tlsClientAuthSubject.value}` }),
      sent: [certificate.subject ?? "", certificate.subjectAltName ?? ""].join("; ").slice(0, 500),
    });
  }
}
