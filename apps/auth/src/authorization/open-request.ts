import {
  clientIdOf,
  type Instant,
  OAuthError,
  type Parameters,
  parseRedirection,
  type Redirection,
  type Tenant,
} from "@signet/protocol";
import type { Directory } from "@signet/registry-client";
import { effectiveParameters, type RequestObjectDependencies } from "./effective-parameters.ts";

/** Where a request is answered, and what it asks for; or what is wrong with its request object. */
export interface OpenedRequest {
  readonly redirection: Redirection;
  readonly parameters: Parameters | OAuthError;
}

export interface OpeningDependencies extends RequestObjectDependencies {
  readonly directory: Directory;
}

/**
 * Opens a request. Where its object cannot be read, what was sent beside the object says where to answer that.
 * @throws OAuthError where the answer has nowhere to go (RFC 6749 section 4.1.2.1)
 */
export async function openRequest(
  tenant: Tenant,
  sent: Parameters,
  now: Instant,
  dependencies: OpeningDependencies,
): Promise<OpenedRequest> {
  const client = await dependencies.directory.client(tenant, clientIdOf(sent));
  if (client === undefined) return { redirection: parseRedirection(sent, client), parameters: sent };
  const parameters = await effectiveParameters(sent, client, tenant, now, dependencies).catch(asOAuthError);
  if (!(parameters instanceof OAuthError)) return { redirection: parseRedirection(parameters, client), parameters };
  try {
    return { redirection: parseRedirection(sent, client), parameters };
  } catch (error) {
    throw error instanceof OAuthError ? parameters : error;
  }
}

function asOAuthError(error: unknown): OAuthError {
  if (error instanceof OAuthError) return error;
  throw error;
}
