import {
  type AuthorizationRequest,
  type AuthorizationResponse,
  codeResponse,
  customClaimNames,
  errorResponse,
  hashDatedSecret,
  hearsOfSignOut,
  type Instant,
  issuerOf,
  later,
  newDatedSecret,
  newGrantId,
  OAuthError,
  type Tenant,
} from "@signet/protocol";
import type { StoredSession } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";

/** RFC 6749 section 4.1.2 recommends ten minutes at most; an application redeems its code at once. */
export const codeLifetimeMilliseconds = 60 * 1000;

export interface CodeIssue {
  readonly request: AuthorizationRequest;
  readonly session: StoredSession;
  /** The user's authorization epoch. */
  readonly epoch: number;
  readonly now: Instant;
}

/**
 * Issues a code that is bound to all that the request was, and begins a grant with it. The session's user may sign in at the tenant. A client that would hear of the
 * session's end gets the error `login_required` where the session has ended meanwhile: nobody would tell it any more.
 */
export async function issueCode(
  tenant: Tenant,
  { request, session, epoch, now }: CodeIssue,
  { stores, random, publicUrl }: Pick<AuthDependencies, "stores" | "random" | "publicUrl">,
): Promise<AuthorizationResponse> {
  const code = newDatedSecret(random, now);
  const { client, redirectUri, codeChallenge, scopes, requestedScopes, requestedClaims, nonce } = request;
  // A client that wants to hear of the sign-out is one of the session's from here on, whatever becomes of the code. Both are on their way at once.
  const joining = hearsOfSignOut(client.metadata) ? stores.sessions.join(session, client.id) : true;
  const saving = stores.codes.save({
    hash: hashDatedSecret(code),
    tenantId: tenant.id,
    clientId: client.id,
    userId: session.userId,
    collection: tenant.settings.collection,
    grantId: newGrantId(random, now),
    redirectUri,
    scopes,
    requestedScopes,
    requestedClaims,
    customClaims: customClaimNames(scopes, client.metadata.customScopes),
    authTime: session.authTime,
    amr: session.amr,
    sessionPublicId: session.publicId,
    epoch,
    expiresAt: later(now, codeLifetimeMilliseconds),
    ...(codeChallenge === undefined ? {} : { codeChallenge }),
    ...(nonce === undefined ? {} : { nonce }),
  });
  const [takesPart] = await Promise.all([joining, saving]);
  const issuer = issuerOf(publicUrl, tenant.name);
  // The code was told to nobody.
  if (!takesPart) return errorResponse(request, new OAuthError("login_required", "the session has just ended"), issuer);
  return codeResponse(request, code, issuer);
}
