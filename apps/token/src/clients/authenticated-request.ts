import type { token } from "@signet/contracts";
import {
  authenticateClient,
  type Client,
  type ClientCredentials,
  type Clock,
  clientAuthenticationFailed,
  type Instant,
  type Parameters,
  parseParameters,
  type SentParameter,
  type Tenant,
} from "@signet/protocol";
import type { Directory } from "@signet/registry-client";

/** A form that a client sent to an endpoint where it has to authenticate, as it came. */
export interface ClientRequest {
  readonly parameters: readonly SentParameter[];
  readonly authentication: token.ClientAuthentication | undefined;
}

/** The same, once the client is known to be who it says. */
export interface AuthenticatedRequest {
  readonly client: Client;
  readonly parameters: Parameters;
  /** When it authenticated. */
  readonly now: Instant;
}

export interface ClientAuthenticationDependencies {
  readonly directory: Directory;
  readonly clock: Clock;
}

/**
 * Authenticates the client of a request, in the same way at each endpoint (RFC 6749 section 2.3, RFC 7009 section 2.1, RFC 7662 section 2.1).
 * @throws OAuthError invalid_request, invalid_client
 */
export async function authenticatedRequest(
  { parameters: sent, authentication }: ClientRequest,
  tenant: Tenant,
  { directory, clock }: ClientAuthenticationDependencies,
): Promise<AuthenticatedRequest> {
  const parameters = parseParameters(sent);
  const credentials = credentialsOf(authentication);
  const registered = await directory.client(tenant, credentials.clientId);
  const now = clock();
  return { client: authenticateClient(registered, credentials, now), parameters, now };
}

function credentialsOf(authentication: token.ClientAuthentication | undefined): ClientCredentials {
  if (authentication === undefined) throw clientAuthenticationFailed("no credentials");
  const { method, clientId, clientSecret } = authentication;
  switch (method) {
    case "client_secret_basic":
    case "client_secret_post":
      return { method, clientId, clientSecret };
    case "none":
      return { method, clientId };
    default:
      throw clientAuthenticationFailed("unknown method");
  }
}
