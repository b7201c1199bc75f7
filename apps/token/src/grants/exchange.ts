import type { token } from "@signet/contracts";
import { type GrantType, parseGrantType, type Tenant } from "@signet/protocol";
import type { CallContext } from "nice-grpc-common";
import { authenticatedRequest, type ClientAuthenticationDependencies } from "../clients/authenticated-request.ts";
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

export interface ExchangeDependencies extends GrantDependencies, ClientAuthenticationDependencies {}

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
  const { client, parameters, now } = await authenticatedRequest(request, tenant, dependencies);
  const type = parseGrantType(parameters, client);
  return grants[type].exchange({ tenant, client, parameters, now, context }, dependencies);
}
