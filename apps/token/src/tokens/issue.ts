import {
  acrOf,
  type Client,
  type Instant,
  idTokenClaims,
  issuerOf,
  later,
  type RefreshToken,
  repliedScope,
  type Subject,
  type Tenant,
  type TokenConfirmation,
} from "@signet/protocol";
import type { Subjects } from "@signet/registry-client";
import type { StoredGrant } from "@signet/storage";
import { signJws } from "../signing/jws.ts";
import type { Profile } from "../users/profile.ts";
import { type AccessTokenDependencies, encodeAccessToken } from "./access-token.ts";

/** What tokens say of the grant that they are issued from. */
export type IssuingGrant = Pick<
  StoredGrant,
  "id" | "userId" | "scopes" | "requestedClaims" | "authTime" | "amr" | "sessionPublicId"
>;

/** All that a reply of the token endpoint is made of. */
export interface Issuance {
  readonly tenant: Tenant;
  readonly client: Client;
  /** Of the access token. */
  readonly scopes: readonly string[];
  /** Undefined where the client asked for no scope in particular. */
  readonly requestedScopes: readonly string[] | undefined;
  /** Undefined for a token that a client gets for itself. */
  readonly grant: IssuingGrant | undefined;
  /** For the ID token. */
  readonly nonce: string | undefined;
  /** For the ID token: of the user's profile, what was asked for by name. */
  readonly profile: Profile;
  /** What the access token is bound to. */
  readonly confirmation: TokenConfirmation | undefined;
  readonly refreshToken: RefreshToken | undefined;
  readonly now: Instant;
}

/** RFC 6749 section 5.1, OpenID Connect Core section 3.1.3.3. */
export interface IssuedTokens {
  readonly accessToken: string;
  readonly tokenType: "Bearer";
  /** In seconds. */
  readonly expiresIn: number;
  readonly refreshToken: string | undefined;
  readonly idToken: string | undefined;
  /** Where it differs from what was asked for. */
  readonly scope: string | undefined;
}

/** Issues an access token, an ID token where `openid` was granted, and passes on the refresh token. */
export type Issue = (issuance: Issuance) => Promise<IssuedTokens>;

export interface IssueDependencies extends AccessTokenDependencies {
  readonly subjects: Subjects;
}

/** The one way in which all grants issue. */
export function createIssue(dependencies: IssueDependencies): Issue {
  return async (issuance) => {
    const { tenant, client, scopes, requestedScopes, grant, confirmation, refreshToken, now } = issuance;
    const subject = grant && (await dependencies.subjects.of(tenant, client, grant.userId));
    const user = grant && subject && { userId: grant.userId, subject, authTime: grant.authTime };
    const expiresIn = wholeSeconds(tenant.settings.tokenTimeout);
    const accessToken = await encodeAccessToken(
      {
        clientId: client.id,
        scopes,
        ...(grant !== undefined && { grantId: grant.id }),
        issuedAt: now,
        expiresAt: later(now, expiresIn * 1000),
        ...confirmation,
      },
      tenant,
      client,
      user,
      dependencies,
    );
    const idToken =
      subject !== undefined && grant?.scopes.includes("openid")
        ? await signIdToken(issuance, grant, { subject, accessToken }, dependencies)
        : undefined;
    return { accessToken, tokenType: "Bearer", expiresIn, refreshToken, idToken, scope: repliedScope(scopes, requestedScopes) };
  };
}

async function signIdToken(
  { tenant, client, nonce, profile, now }: Issuance,
  { requestedClaims, authTime, amr, sessionPublicId }: IssuingGrant,
  { subject, accessToken }: { readonly subject: Subject; readonly accessToken: string },
  { keys, publicUrl }: AccessTokenDependencies,
): Promise<string> {
  const algorithm = client.metadata.idTokenSignedResponseAlg;
  const claims = idTokenClaims({
    issuer: issuerOf(publicUrl, tenant.name),
    subject,
    clientId: client.id,
    issuedAt: now,
    expiresAt: later(now, wholeSeconds(tenant.settings.idTokenTimeout) * 1000),
    authTime,
    nonce,
    accessToken,
    algorithm,
    sessionPublicId,
    amr,
    acr: requestedClaims.idToken.includes("acr") ? acrOf(amr) : undefined,
    profile,
  });
  return signJws("JWT", claims, await keys.signingKey(tenant.id, algorithm));
}

/** Tokens count in seconds (RFC 7519 section 2, NumericDate): none lives longer than its setting. */
function wholeSeconds(milliseconds: number): number {
  return Math.floor(milliseconds / 1000);
}
