import {
  type AccessToken,
  accessTokenAlgorithm,
  accessTokenClaims,
  type Client,
  hashSecret,
  type Instant,
  issuerOf,
  newSecret,
  type Random,
  type Subject,
  type Tenant,
  type UserId,
} from "@signet/protocol";
import type { AccessTokenStore } from "@signet/storage";
import type { KeyRings } from "../keys/key-rings.ts";
import { signJws } from "../signing/jws.ts";

export interface AccessTokenDependencies {
  readonly keys: KeyRings;
  readonly accessTokens: AccessTokenStore;
  readonly random: Random;
  readonly publicUrl: string;
}

/** Whom an access token is about. */
export interface TokenUser {
  readonly userId: UserId;
  /** What the client knows them by. */
  readonly subject: Subject;
  /** When they signed in. */
  readonly authTime: Instant;
}

const jtiBytes = 16;

/** The access token as the client gets it, in the format that the client is registered with: a JWT (RFC 9068), or 256 random bits that are kept as their hash. */
export async function encodeAccessToken(
  token: AccessToken,
  tenant: Tenant,
  client: Client,
  user: TokenUser | undefined,
  { keys, accessTokens, random, publicUrl }: AccessTokenDependencies,
): Promise<string> {
  if (client.metadata.accessTokenFormat === "opaque") {
    const secret = newSecret(random);
    await accessTokens.save({
      hash: hashSecret(secret),
      tenantId: tenant.id,
      clientId: token.clientId,
      scopes: token.scopes,
      ...(token.grantId !== undefined && { grantId: token.grantId }),
      ...(user !== undefined && { userId: user.userId }),
      issuedAt: token.issuedAt,
      expiresAt: token.expiresAt,
      ...(token.certificateThumbprint === undefined ? {} : { certificateThumbprint: token.certificateThumbprint }),
    });
    return secret;
  }
  const jti = Buffer.from(random(jtiBytes)).toString("base64url");
  const issuer = issuerOf(publicUrl, tenant.name);
  const claims = accessTokenClaims({ issuer, token, subject: user?.subject, jti, authTime: user?.authTime });
  return signJws("at+jwt", claims, await keys.signingKey(tenant.id, accessTokenAlgorithm(client.metadata)));
}
