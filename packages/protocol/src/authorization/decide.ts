import { OAuthError } from "../errors.ts";
import type { Instant } from "../instant.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";

/** What a decision is made of. */
export interface Situation {
  readonly request: Pick<AuthorizationRequest, "scopes" | "prompt" | "maxAgeSeconds">;
  /** The browser's session, undefined where nobody is signed in. */
  readonly session: { readonly authTime: Instant } | undefined;
  /** What the user allowed the client before. */
  readonly consentedScopes: readonly string[];
  /** Whether the session began with a sign-in that this very request led to. */
  readonly reauthenticated: boolean;
  readonly now: Instant;
}

/** Why somebody has to sign in. */
export type SignInReason = "no-session" | "prompt" | "max-age";

export type Decision =
  | { readonly kind: "issue-code"; readonly scopes: readonly string[] }
  | { readonly kind: "sign-in"; readonly reason: SignInReason }
  /** The user is asked for all of `scopes`, so that the page shows the whole of what the client may do. */
  | { readonly kind: "consent"; readonly scopes: readonly string[] }
  | { readonly kind: "refuse"; readonly error: OAuthError };

/**
 * What an authorization request leads to: OpenID Connect Core sections 3.1.2.3 and 3.1.2.4. With prompt=none nobody is asked anything:
 * what would have been asked is the error (section 3.1.2.6).
 */
export function decide(situation: Situation): Decision {
  const { scopes, prompt } = situation.request;
  const isSilent = prompt.has("none");
  const reason = signInReason(situation);
  if (reason !== undefined) {
    return isSilent
      ? { kind: "refuse", error: new OAuthError("login_required", "the user has to sign in, which prompt=none does not allow") }
      : { kind: "sign-in", reason };
  }
  if (prompt.has("consent") || !isConsented(situation)) {
    return isSilent
      ? { kind: "refuse", error: new OAuthError("consent_required", "the user has to agree, which prompt=none does not allow") }
      : { kind: "consent", scopes };
  }
  return { kind: "issue-code", scopes };
}

/**
 * A sign-in that the request led to satisfies prompt and max_age, however long the user takes over the consent page afterwards: the
 * user was actively authenticated for it, and would be asked for ever with max_age=0.
 */
function signInReason({ request, session, reauthenticated, now }: Situation): SignInReason | undefined {
  if (session === undefined) return "no-session";
  if (reauthenticated) return undefined;
  // Another account is chosen by signing in with it.
  if (request.prompt.has("login") || request.prompt.has("select_account")) return "prompt";
  return isTooOld(request.maxAgeSeconds, session.authTime, now) ? "max-age" : undefined;
}

/** max_age=0 is prompt=login, also within the second of the last sign-in (OpenID Connect Core section 3.1.2.1). */
function isTooOld(maxAgeSeconds: number | undefined, authTime: Instant, now: Instant): boolean {
  return maxAgeSeconds !== undefined && (maxAgeSeconds === 0 || now - authTime > maxAgeSeconds * 1000);
}

function isConsented({ request, consentedScopes }: Situation): boolean {
  return request.scopes.every((scope) => consentedScopes.includes(scope));
}
