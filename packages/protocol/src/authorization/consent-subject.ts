import type { ConsentSubject } from "../scope/consent-key.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";
import { claimsBeyondScopes } from "./requested-claims.ts";

/** What the user has to agree to before the request is answered with a code. */
export function consentSubject({ scopes, requestedClaims, client }: AuthorizationRequest): ConsentSubject {
  const { customScopes } = client.metadata;
  return { scopes, customScopes, claims: claimsBeyondScopes(requestedClaims, scopes, client) };
}
