import { noRequestedClaims, type RequestedClaims } from "@signet/protocol";
import { type StoredMembers, texts } from "@signet/storage/adapter";
import { optionalJsonObject, type Row } from "./row.ts";

/** Most requests name no claims: those keep nothing, as a version that did not know of them did. */
export function requestedClaimsValue(claims: RequestedClaims): string | null {
  return claims.userinfo.length === 0 && claims.idToken.length === 0 ? null : JSON.stringify(claims);
}

export function requestedClaimsOf(row: Row): RequestedClaims {
  const claims = optionalJsonObject<StoredMembers>(row, "requested_claims");
  return claims === undefined ? noRequestedClaims : { userinfo: texts(claims, "userinfo"), idToken: texts(claims, "idToken") };
}
