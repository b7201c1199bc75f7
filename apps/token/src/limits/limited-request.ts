import { OAuthError, type Tenant } from "@signet/protocol";
import {
  type AuthenticatedRequest,
  authenticatedRequest,
  type ClientAuthenticationDependencies,
  type ClientRequest,
} from "../clients/authenticated-request.ts";
import type { ClientAttempts } from "./client-attempts.ts";
import type { ClientRequests } from "./client-requests.ts";

/** A client's form, and where it came from. */
export interface AddressedRequest extends ClientRequest {
  /** An IP address; empty where it is not known. */
  readonly address: string;
}

export interface LimitedRequestDependencies extends ClientAuthenticationDependencies {
  readonly clientAttempts: ClientAttempts;
  readonly clientRequests: ClientRequests;
}

/**
 * Authenticates the client of a request, unless it, or its address, failed at that too often, or it sends more than it may.
 * @throws OAuthError as `authenticatedRequest` does, RateLimitedError
 */
export async function limitedRequest(
  request: AddressedRequest,
  tenant: Tenant,
  dependencies: LimitedRequestDependencies,
): Promise<AuthenticatedRequest> {
  const { clientAttempts, clientRequests } = dependencies;
  const attempt = { tenant, clientId: request.authentication?.clientId ?? "", address: request.address };
  clientAttempts.check(attempt);
  let authenticated: AuthenticatedRequest;
  try {
    authenticated = await authenticatedRequest(request, tenant, dependencies);
  } catch (error) {
    if (error instanceof OAuthError && error.code === "invalid_client") await clientAttempts.failed(attempt);
    throw error;
  }
  const waiting = clientRequests.take(authenticated.client);
  if (waiting !== undefined) await waiting;
  return authenticated;
}
