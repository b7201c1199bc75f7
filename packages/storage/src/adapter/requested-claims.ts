import { noRequestedClaims, type RequestedClaims } from "@signet/protocol";
import { optionalObject, type StoredMembers, texts } from "./stored-members.ts";

/** The claims in `requestedClaims`. An older version wrote none. */
export function requestedClaims(stored: StoredMembers): RequestedClaims {
  const claims = optionalObject<StoredMembers>(stored, "requestedClaims");
  return claims === undefined ? noRequestedClaims : { userinfo: texts(claims, "userinfo"), idToken: texts(claims, "idToken") };
}
