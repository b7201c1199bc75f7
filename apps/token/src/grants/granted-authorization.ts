import type { auth } from "@signet/contracts";
import { instant, noRequestedClaims, parseGrantId, parseSessionPublicId, parseUserId } from "@signet/protocol";
import type { StoredGrant } from "@signet/storage";
import { type Profile, parseProfile } from "../users/profile.ts";

/** What a person granted, as the auth service tells it when the code is redeemed. */
export interface GrantedAuthorization
  extends Pick<
    StoredGrant,
    "id" | "userId" | "scopes" | "requestedClaims" | "customClaims" | "authTime" | "amr" | "sessionPublicId" | "epoch"
  > {
  readonly requestedScopes: readonly string[];
  readonly nonce: string | undefined;
  /** Of the user's profile, what was asked for by name for the ID token. */
  readonly profile: Profile;
}

/** @throws Error where the auth service's answer is not what its contract says */
export function grantedAuthorization(code: auth.RedeemedCode): GrantedAuthorization {
  return {
    id: wellFormed(parseGrantId(code.grantId), "grant_id"),
    userId: wellFormed(parseUserId(code.userId), "user_id"),
    sessionPublicId: wellFormed(parseSessionPublicId(code.sid), "sid"),
    scopes: code.scopes,
    requestedClaims: code.requestedClaims ?? noRequestedClaims,
    customClaims: code.customClaims,
    requestedScopes: code.requestedScopes,
    nonce: code.nonce === "" ? undefined : code.nonce,
    authTime: instant(code.authTime),
    amr: code.amr,
    epoch: code.epoch,
    profile: code.idTokenClaims === "" ? {} : parseProfile(code.idTokenClaims),
  };
}

/** The grant of a code that was used before. @throws Error as above */
export function grantOfReplayedCode(code: auth.ReplayedCode): StoredGrant["id"] {
  return wellFormed(parseGrantId(code.grantId), "grant_id");
}

function wellFormed<Id>(id: Id | undefined, member: string): Id {
  if (id === undefined) throw new Error(`the auth service answered with a ${member} that is none`);
  return id;
}
