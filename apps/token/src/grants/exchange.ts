import type { token } from "@signet/contracts";
import {
  authenticateClient,
  type ClientCredentials,
  type Clock,
  clientAuthenticationFailed,
  type GrantType,
  parseGrantType,
  parseParameters,
  type Tenant,
} from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import type { CallContext } from "nice-grpc-common";
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

export interface ExchangeDependencies extends GrantDependencies {
  readonly directory: Directory;
  readonly clock: Clock;
}

/**
 * One request to the token endpoint (RFC 6749 section 3.2): authenticates the client, then leaves it to the grant that it asks for.
 * @throws OAuthError
 */
export async function exchange(
  { parameters: sent, authentication }: token.ExchangeRequest,
  tenant: Tenant,
  context: CallContext,
  dependencies: ExchangeDependencies,
): Promise<IssuedTokens> {
  const parameters = parseParameters(sent);
  const credentials = credentialsOf(authentication);
  const registered = await dependencies.directory.client(tenant, credentials.clientId);
  const now = dependencies.clock();
  const client = authenticateClient(registered, credentials, now);
  const type = parseGrantType(parameters, client);
  return grants[type].exchange({ tenant, client, parameters, now, context }, dependencies);
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
