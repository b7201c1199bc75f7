import type { Client } from "../client/client.ts";
import { openScopes } from "../scope/open-scopes.ts";
import { claimNamesOfScopes } from "../token/userinfo-claims.ts";
import type { ClaimsRequest } from "./claims-request.ts";

/** The claims that an authorization request asks for by name, beside those that its scopes stand for (OpenID Connect Core section 5.5). */
export interface RequestedClaims {
  /** Members of the user's profile that userinfo is to carry. */
  readonly userinfo: readonly string[];
  /** Members of the user's profile that the ID token is to carry; and `acr`. */
  readonly idToken: readonly string[];
}

export const noRequestedClaims: RequestedClaims = Object.freeze({ userinfo: [], idToken: [] });

/**
 * What of the claims asked for the client may be given, where the user agrees: the members of a profile that a scope stands for which is open to the
 * client. Claims that are not known are ignored (OpenID Connect Core section 5.5.1), and so are those that are in each ID token anyhow.
 * `asksForAcr`: whether the request also asks by `acr_values` for the ID token to say how the user signed in (section 3.1.2.1).
 */
export function grantableClaims({ userinfo, idToken }: ClaimsRequest, client: Client, asksForAcr: boolean): RequestedClaims {
  const acr = asksForAcr || idToken.has("acr") ? ["acr"] : [];
  // Most requests name no claims, and need not know which they might.
  if (userinfo.size === 0 && idToken.size === 0) return acr.length === 0 ? noRequestedClaims : { userinfo: [], idToken: acr };
  const open = openClaims(client);
  return {
    userinfo: [...userinfo.keys()].filter((name) => open.has(name)),
    idToken: [...acr, ...[...idToken.keys()].filter((name) => open.has(name))],
  };
}

/** Of the claims that were granted by name, those that are still open to the client: `names` without what its metadata no longer allow. */
export function stillOpenClaims(names: readonly string[], client: Client): readonly string[] {
  if (names.length === 0) return names;
  const open = openClaims(client);
  return names.filter((name) => open.has(name));
}

function openClaims(client: Client): ReadonlySet<string> {
  return new Set(claimNamesOfScopes([...openScopes(client)], client.metadata.customScopes));
}

/** The members of the profile that are asked for by name and that no scope of the request stands for, each once. */
export function claimsBeyondScopes(
  { userinfo, idToken }: RequestedClaims,
  scopes: readonly string[],
  { metadata }: Client,
): readonly string[] {
  if (userinfo.length === 0 && idToken.length === 0) return [];
  const ofScopes = new Set([...claimNamesOfScopes(scopes, metadata.customScopes), "acr"]);
  return [...new Set([...userinfo, ...idToken])].filter((name) => !ofScopes.has(name));
}
