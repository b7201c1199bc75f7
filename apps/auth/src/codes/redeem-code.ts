import type { auth } from "@signet/contracts";
import {
  answersChallenge,
  hashSecret,
  type Instant,
  OAuthError,
  parseCodeVerifier,
  parseSecret,
  type Tenant,
} from "@signet/protocol";
import type { AuthStores, StoredCode } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { maySignIn } from "../sessions/present-session.ts";

/**
 * Two redemptions this close together are one application in a hurry: the second is refused, and the first keeps its tokens. Whoever comes
 * later has got hold of somebody else's code.
 */
export const hurriedReplayMilliseconds = 2000;

/**
 * Redeems a code: elects the winner first, and checks what the code was bound to afterwards, so that a wrong attempt uses it up as well.
 * RFC 6749 section 4.1.3, RFC 7636 section 4.6.
 * @throws OAuthError invalid_grant
 */
export async function redeemCode(
  tenant: Tenant,
  { code: presented, clientId, redirectUri, codeVerifier }: auth.RedeemCodeRequest,
  { stores, clock }: Pick<AuthDependencies, "stores" | "clock">,
): Promise<auth.RedeemCodeResponse> {
  const secret = parseSecret(presented);
  if (secret === undefined) throw unknownCode();
  const now = clock();
  const consumed = await stores.codes.consume(tenant.id, hashSecret(secret), now);
  if (consumed.kind === "unknown") throw unknownCode();
  if (consumed.kind === "replayed") return replayed(consumed.code, consumed.consumedAt, now);
  const { code } = consumed;
  if (code.clientId !== clientId) throw new OAuthError("invalid_grant", "the code was issued to another client");
  if (code.redirectUri !== redirectUri) {
    throw new OAuthError("invalid_grant", "redirect_uri is not that of the authorization request");
  }
  checkVerifier(code, codeVerifier);
  await checkUser(tenant, code, stores);
  return { outcome: { $case: "redeemed", value: toRedeemedCode(code) } };
}

function replayed(code: StoredCode, consumedAt: Instant, now: Instant): auth.RedeemCodeResponse {
  if (now - consumedAt < hurriedReplayMilliseconds) throw new OAuthError("invalid_grant", "the code was used already");
  return { outcome: { $case: "replayed", value: { grantId: code.grantId, tenantId: code.tenantId } } };
}

/** Between the authorization and the redemption, too, a block, a new password, other roles or a deletion end what the user granted. */
async function checkUser(tenant: Tenant, { userId, epoch }: StoredCode, { users }: Pick<AuthStores, "users">): Promise<void> {
  const user = await users.find(tenant.id, userId);
  if (!maySignIn(tenant, user) || user.epoch !== epoch) throw unknownCode();
}

/** A verifier without a challenge means that somebody took the challenge out of the request (RFC 9700 section 2.1.1). */
function checkVerifier({ codeChallenge }: StoredCode, sent: string): void {
  if (codeChallenge === undefined) {
    if (sent !== "")
      throw new OAuthError("invalid_grant", "code_verifier was sent, but the authorization request had no code_challenge");
    return;
  }
  if (sent === "") throw new OAuthError("invalid_grant", "code_verifier is missing");
  if (!answersChallenge(parseCodeVerifier(sent), codeChallenge)) {
    throw new OAuthError("invalid_grant", "code_verifier does not answer the code_challenge");
  }
}

function toRedeemedCode(code: StoredCode): auth.RedeemedCode {
  return {
    grantId: code.grantId,
    userId: code.userId,
    scopes: [...code.scopes],
    requestedScopes: [...code.requestedScopes],
    nonce: code.nonce ?? "",
    authTime: code.authTime,
    amr: [...code.amr],
    sid: code.sessionPublicId,
    epoch: code.epoch,
  };
}

/** The same for a code that never was, was truncated, is another tenant's, has expired, or whose user was blocked, deleted or changed since. */
function unknownCode(): OAuthError {
  return new OAuthError("invalid_grant", "the code is not known, or it has expired");
}
