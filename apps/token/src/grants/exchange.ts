import type { token } from "@signet/contracts";
import {
  type Client,
  certificateThumbprint,
  type GrantType,
  OAuthError,
  parseGrantType,
  type Tenant,
  type TokenConfirmation,
} from "@signet/protocol";
import type { CallContext } from "nice-grpc-common";
import { type LimitedRequestDependencies, limitedRequest } from "../limits/limited-request.ts";
import type { IssuedTokens } from "../tokens/issue.ts";
import { authorizationCode } from "./authorization-code.ts";
import { clientCredentials } from "./client-credentials.ts";
import type { Grant, GrantDependencies } from "./grant.ts";
import { refreshToken } from "./refresh-token.ts";

const grants: Readonly<Record<GrantType, Grant>> = {
  authorization_code: authorizationCode,
  refresh_token: refreshToken,
  client_credentials: clientCredentials,
};

export interface ExchangeDependencies extends GrantDependencies, LimitedRequestDependencies {}

/**
 * One request to the token endpoint (RFC 6749 section 3.2): authenticates the client, then leaves it to the grant that it asks for.
 * @throws OAuthError
 */
export async function exchange(
  request: token.ExchangeRequest,
  tenant: Tenant,
  context: CallContext,
  dependencies: ExchangeDependencies,
): Promise<IssuedTokens> {
  const { client, parameters, now } = await limitedRequest(request, tenant, dependencies);
  const type = parseGrantType(parameters, client);
  const confirmation = confirmationFor(client, request.authentication?.certificate);
  return grants[type].exchange({ tenant, client, parameters, confirmation, now, context }, dependencies);
}

/**
 * What the client's access tokens are bound to, if anything: the certificate with which it asks for them, however it authenticates (RFC 8705 section 3).
 * @throws OAuthError invalid_request where they are to be bound and there is no certificate
 */
function confirmationFor({ metadata }: Client, certificate: Uint8Array | undefined): TokenConfirmation | undefined {
  if (!metadata.tlsClientCertificateBoundAccessTokens) return undefined;
  if (certificate !== undefined && certificate.length > 0) return { certificateThumbprint: certificateThumbprint(certificate) };
  throw new OAuthError(
    "invalid_request",
    "the client's access tokens are bound to a certificate: ask for them over TLS, with one",
  );
}
