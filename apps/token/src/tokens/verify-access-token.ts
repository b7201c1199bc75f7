import {
  type AccessToken,
  accessTokenRefused,
  hashSecret,
  type Instant,
  issuerOf,
  parseSecret,
  readAccessTokenClaims,
  type Secret,
  type Tenant,
} from "@signet/protocol";
import type { AccessTokenStore } from "@signet/storage";
import type { KeyRings } from "../keys/key-rings.ts";
import { claimsOf, isSignedWith, parseJws } from "../signing/jws.ts";
import type { VerificationKey } from "../signing/signing-key.ts";
import type { VerifiedTokens } from "./verified-tokens.ts";

export interface VerificationDependencies {
  readonly keys: KeyRings;
  readonly accessTokens: AccessTokenStore;
  readonly verifiedTokens: VerifiedTokens;
  readonly publicUrl: string;
}

/**
 * What an access token says, JWT or opaque, as long as it is this tenant's and has not expired. Whether its grant still stands is another question.
 * @throws OAuthError invalid_token
 */
export function verifyAccessToken(
  presented: string,
  tenant: Tenant,
  now: Instant,
  dependencies: VerificationDependencies,
): Promise<AccessToken> {
  const secret = parseSecret(presented);
  return secret === undefined ? verifyJwt(presented, tenant, now, dependencies) : findOpaque(secret, tenant, now, dependencies);
}

/** RFC 9068 section 4. An ID token is of another type, and so no access token (section 5). */
async function verifyJwt(
  presented: string,
  tenant: Tenant,
  now: Instant,
  { keys, verifiedTokens, publicUrl }: VerificationDependencies,
): Promise<AccessToken> {
  const key = await keys.verificationKey(tenant.id, presented.slice(0, Math.max(0, presented.indexOf("."))), "at+jwt");
  const known = key && verifiedTokens.claimsOf(tenant.id, presented, key);
  const claims = known ?? signedClaims(presented, key);
  if (known === undefined && key !== undefined) verifiedTokens.add(tenant.id, presented, { key, claims });
  return readAccessTokenClaims(claims, issuerOf(publicUrl, tenant.name), now);
}

function signedClaims(presented: string, key: VerificationKey | undefined): unknown {
  const jws = parseJws(presented);
  if (jws === undefined) throw accessTokenRefused("neither a JWT nor an opaque token");
  if (key === undefined) throw accessTokenRefused("no key of the tenant writes this header");
  if (!isSignedWith(jws, "at+jwt", key)) throw accessTokenRefused("wrong signature");
  return claimsOf(jws);
}

async function findOpaque(
  presented: Secret,
  tenant: Tenant,
  now: Instant,
  { accessTokens }: VerificationDependencies,
): Promise<AccessToken> {
  const stored = await accessTokens.find(tenant.id, hashSecret(presented), now);
  if (stored === undefined) throw accessTokenRefused("unknown or expired");
  const { hash, clientId, scopes, grantId, issuedAt, expiresAt, certificateThumbprint } = stored;
  const token = {
    hash,
    clientId,
    scopes,
    issuedAt,
    expiresAt,
    ...(certificateThumbprint !== undefined && { certificateThumbprint }),
  };
  return grantId === undefined ? token : { ...token, grantId };
}
