import { hash } from "node:crypto";
import type { TenantId } from "@signet/protocol";
import { RecentlyUsed } from "../recently-used.ts";
import type { VerificationKey } from "../signing/signing-key.ts";

/** How many tokens are remembered: a few megabytes. */
const capacity = 4_000;

interface Verified {
  readonly key: VerificationKey;
  readonly claims: unknown;
}

/**
 * The JWTs whose signatures were verified lately. To verify one takes some 80 µs, more than all else about a userinfo or introspection request together,
 * and the same token comes again with each request that it is good for. Only the signature is remembered: whether the key is still one of the tenant's, and
 * whether the token has expired or was revoked, is asked each time.
 */
export class VerifiedTokens {
  readonly #verified = new RecentlyUsed<string, Verified>(capacity);

  /** The claims of a token that this very key was found to have signed; undefined where that is not known. */
  claimsOf(tenant: TenantId, token: string, key: VerificationKey): unknown {
    const verified = this.#verified.find(nameOf(tenant, token));
    return verified?.key === key ? verified.claims : undefined;
  }

  add(tenant: TenantId, token: string, verified: Verified): void {
    this.#verified.set(nameOf(tenant, token), verified);
  }
}

/** Not the token itself, which is a secret, and long. */
function nameOf(tenant: TenantId, token: string): string {
  return `${tenant}${hash("sha256", token, "base64url")}`;
}
