import type { Issuer } from "../tenant/tenant.ts";

/** Where an issuer's token endpoint is, beneath the issuer: the first is the one that discovery names. */
export const tokenEndpointPaths = ["/oauth2/v1/token", "/oauth/token", "/api/id/v1/auth/token"] as const;

/**
 * Whom a client's assertion may be meant for: the issuer, or its token endpoint by any of its addresses (RFC 7523 section 3, OpenID Connect Core section 9). The
 * same at every endpoint where clients authenticate.
 */
export function assertionAudiences(issuer: Issuer): readonly string[] {
  return [issuer, ...tokenEndpointPaths.map((path) => `${issuer}${path}`)];
}
