import type { auth } from "@signet/contracts";
import {
  checkCodeBinding,
  claimsOf,
  hashDatedSecret,
  type Instant,
  OAuthError,
  parseSecret,
  type Tenant,
} from "@signet/protocol";
import type { AuthStores, StoredCode, StoredUser } from "@signet/storage";
import type { AuthDependencies } from "../auth-dependencies.ts";
import { maySignIn } from "../sessions/present-session.ts";

/**
 * Two redemptions this close together are one application in a hurry: the second is refused, and the first keeps its tokens. Whoever comes
 * later has got hold of somebody else's code.
 */
export const hurriedReplayMilliseconds = 2000;

/**
 * Redeems a code (RFC 6749 section 4.1.3): elects the winner first, and checks what the code was bound to afterwards, so that a wrong
 * attempt uses it up as well.
 * @throws OAuthError invalid_grant
 */
export async function redeemCode(
  tenant: Tenant,
  message: auth.RedeemCodeRequest,
  { stores, clock }: Pick<AuthDependencies, "stores" | "clock">,
): Promise<auth.RedeemCodeResponse> {
  const secret = parseSecret(message.code);
  if (secret === undefined) throw unknownCode();
  const now = clock();
  const consumed = await stores.codes.consume(tenant.id, hashDatedSecret(secret), now);
  if (consumed.kind === "unknown") throw unknownCode();
  if (consumed.kind === "replayed") return replayed(consumed.code, consumed.consumedAt, now);
  const { code } = consumed;
  checkCodeBinding(code, message);
  // The tenant may have been given another collection to sign in, of which its users' epochs know nothing.
  if (code.collection !== tenant.settings.collection) throw unknownCode();
  const names = code.requestedClaims.idToken.filter((name) => name !== "acr");
  if (!consumed.userMayHaveChanged && names.length === 0) return redeemed(code, "");
  const user = await unchangedUser(tenant, code, stores);
  return redeemed(code, names.length === 0 ? "" : JSON.stringify(claimsOf(user, names)));
}

function replayed(code: StoredCode, consumedAt: Instant, now: Instant): auth.RedeemCodeResponse {
  // Either way: by a clock that was set back nobody is in a hurry for an hour.
  if (Math.abs(now - consumedAt) < hurriedReplayMilliseconds) throw new OAuthError("invalid_grant", "the code was used already");
  return { outcome: { $case: "replayed", value: { grantId: code.grantId } } };
}

/** Between the authorization and the redemption, too, a block, a new password, other roles or a deletion end what the user granted. */
async function unchangedUser(
  tenant: Tenant,
  { userId, epoch }: StoredCode,
  { users }: Pick<AuthStores, "users">,
): Promise<StoredUser> {
  const user = await users.find(tenant.id, userId);
  if (!maySignIn(tenant, user) || user.epoch !== epoch) throw unknownCode();
  return user;
}

function redeemed(code: StoredCode, idTokenClaims: string): auth.RedeemCodeResponse {
  return { outcome: { $case: "redeemed", value: toRedeemedCode(code, idTokenClaims) } };
}

function toRedeemedCode(code: StoredCode, idTokenClaims: string): auth.RedeemedCode {
  const { userinfo, idToken } = code.requestedClaims;
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
    customClaims: [...code.customClaims],
    requestedClaims: { userinfo: [...userinfo], idToken: [...idToken] },
    idTokenClaims,
  };
}

/** The same for a code that never was, was truncated, is another tenant's, has expired, or whose user was blocked, deleted or changed since. */
function unknownCode(): OAuthError {
  return new OAuthError("invalid_grant", "the code is not known, or it has expired");
}
