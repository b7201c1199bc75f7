import type { token } from "@signet/contracts";
import { idTokenHintRefused, issuerOf, mayBeOfFormerKey, readIdTokenHint, type Tenant } from "@signet/protocol";
import { z } from "zod";
import type { KeyRings } from "../keys/key-rings.ts";
import { claimsOf, isSignedWith, parseJws } from "../signing/jws.ts";

export interface HintDependencies {
  readonly keys: KeyRings;
  readonly publicUrl: string;
}

/**
 * What an ID token of the tenant says; undefined for one that a former key of the tenant may have written, which nobody can verify any more.
 * @throws OAuthError invalid_request for anything else
 */
export async function readHint(
  tenant: Tenant,
  idToken: string,
  { keys, publicUrl }: HintDependencies,
): Promise<token.IdTokenHint | undefined> {
  const jws = parseJws(idToken);
  if (jws === undefined) throw idTokenHintRefused("not a compact JWS");
  const key = await keys.verificationKey(tenant.id, jws.header, "JWT");
  if (key === undefined) {
    if (mayBeOfFormerKey(jws.header, keyIdsIn(await keys.jwks(tenant.id)))) return undefined;
    throw idTokenHintRefused("no key of the tenant writes this header");
  }
  if (!isSignedWith(jws, "JWT", key)) throw idTokenHintRefused("wrong signature");
  return readIdTokenHint(claimsOf(jws), issuerOf(publicUrl, tenant.name));
}

const keySet = z.object({ keys: z.array(z.object({ kid: z.string() })) });

function keyIdsIn(jwks: string): ReadonlySet<string> {
  return new Set(keySet.parse(JSON.parse(jwks)).keys.map(({ kid }) => kid));
}
