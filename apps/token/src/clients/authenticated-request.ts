import type { token } from "@signet/contracts";
import {
  type Client,
  type ClientCredentials,
  type Clock,
  checkSecret,
  clientAuthenticationFailed,
  type Instant,
  type Parameters,
  parseParameters,
  requireMethod,
  type SentParameter,
  type Tenant,
} from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import { type AssertionDependencies, checkAssertion } from "./check-assertion.ts";
import { checkCertificate } from "./check-certificate.ts";

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

export interface ClientAuthenticationDependencies extends AssertionDependencies {
  readonly directory: Directory;
  readonly clock: Clock;
}

/**
 * Authenticates the client of a request by the one method that it is registered with, in the same way at each endpoint (RFC 6749 section 2.3, RFC 7009
 * section 2.1, RFC 7662 section 2.1).
 * @throws OAuthError invalid_request, invalid_client
 */
export async function authenticatedRequest(
  { parameters: sent, authentication }: ClientRequest,
  tenant: Tenant,
  dependencies: ClientAuthenticationDependencies,
): Promise<AuthenticatedRequest> {
  const parameters = parseParameters(sent);
  const shown = authentication ?? nothingShown();
  const credentials = credentialsOf(shown);
  const client = requireMethod(await dependencies.directory.client(tenant, credentials.clientId), credentials);
  const now = dependencies.clock();
  switch (credentials.method) {
    case "client_secret_basic":
    case "client_secret_post":
      checkSecret(client, credentials.clientSecret, now);
      break;
    case "client_assertion":
      await checkAssertion(credentials.clientAssertion, client, tenant, now, dependencies);
      break;
    case "none":
      if (client.metadata.tokenEndpointAuthMethod !== "none") await checkCertificate(shown, client, dependencies);
  }
  return { client, parameters, now };
}

function nothingShown(): never {
  throw clientAuthenticationFailed("no credentials");
}

function credentialsOf({ method, clientId, clientSecret, clientAssertion }: token.ClientAuthentication): ClientCredentials {
  switch (method) {
    case "client_secret_basic":
    case "client_secret_post":
      return { method, clientId, clientSecret };
    case "client_assertion":
      return { method, clientId, clientAssertion };
    case "none":
      return { method, clientId };
    default:
      throw clientAuthenticationFailed("unknown method");
  }
}
