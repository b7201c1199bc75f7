import { OAuthError } from "../errors.ts";
import type { Instant } from "../instant.ts";
import { acrOf, acrValues } from "./acr.ts";
import type { AuthorizationRequest } from "./authorization-request.ts";

/** Which account the user chose where prompt=select_account asked: the one that is signed in, or another. */
export type AccountChoice = "same" | "another";

/** What a decision is made of. */
export interface Situation {
  readonly request: Pick<AuthorizationRequest, "prompt" | "maxAgeSeconds" | "requiredAcr">;
  /** The browser's session, undefined where nobody is signed in. */
  readonly session: { readonly authTime: Instant; readonly amr: readonly string[] } | undefined;
  /** Whether the user allowed the client before all that the request asks for. */
  readonly consented: boolean;
  /** Whether the session began with a sign-in that this very request led to. */
  readonly reauthenticated: boolean;
  /** What the user chose on the page that this very request led to; undefined before. */
  readonly choice: AccountChoice | undefined;
  readonly now: Instant;
}

/** Why somebody has to sign in. */
export type SignInReason = "no-session" | "another-account" | "prompt" | "max-age" | "acr";

export type Decision =
  | { readonly kind: "issue-code" }
  | { readonly kind: "select-account" }
  | { readonly kind: "sign-in"; readonly reason: SignInReason }
  /** The user is asked for all of the request, so that the page shows the whole of what the client may do. */
  | { readonly kind: "consent" }
  | { readonly kind: "refuse"; readonly error: OAuthError };

/**
 * What an authorization request leads to: OpenID Connect Core sections 3.1.2.3 and 3.1.2.4. With prompt=none nobody is asked anything:
 * what would have been asked is the error (section 3.1.2.6).
 */
export function decide(situation: Situation): Decision {
  const { prompt, requiredAcr } = situation.request;
  const isSilent = prompt.has("none");
  if (requiredAcr !== undefined && !acrValues.some((acr) => requiredAcr.includes(acr))) return refuseUnmet();
  if (isAccountToBeChosen(situation)) return { kind: "select-account" };
  const reason = signInReason(situation);
  if (reason !== undefined) return isSilent ? refuseSilent("login_required", "sign in") : { kind: "sign-in", reason };
  if (prompt.has("consent") || !situation.consented) {
    return isSilent ? refuseSilent("consent_required", "agree") : { kind: "consent" };
  }
  return { kind: "issue-code" };
}

/** No sign-in here could be of a class that the request cannot do without: OpenID Connect Core section 5.5.1.1. */
function refuseUnmet(): Decision {
  const description = `no sign-in here has an acr that the request requires; there is: ${acrValues.join(", ")}`;
  return { kind: "refuse", error: new OAuthError("unmet_authentication_requirements", description) };
}

function refuseSilent(code: "login_required" | "consent_required", what: string): Decision {
  return { kind: "refuse", error: new OAuthError(code, `the user has to ${what}, which prompt=none does not allow`) };
}

/** Where nobody is signed in, an account is chosen by signing in with it. */
function isAccountToBeChosen({ request, session, reauthenticated, choice }: Situation): boolean {
  return request.prompt.has("select_account") && session !== undefined && !reauthenticated && choice === undefined;
}

/**
 * A sign-in that the request led to satisfies prompt and max_age, however long the user takes over the consent page afterwards: the
 * user was actively authenticated for it, and would be asked for ever with max_age=0.
 */
function signInReason({ request, session, reauthenticated, choice, now }: Situation): SignInReason | undefined {
  if (session === undefined) return "no-session";
  if (reauthenticated) return undefined;
  if (choice === "another") return "another-account";
  if (request.prompt.has("login")) return "prompt";
  if (isTooOld(request.maxAgeSeconds, session.authTime, now)) return "max-age";
  return isOfRequiredClass(request.requiredAcr, session.amr) ? undefined : "acr";
}

/** max_age=0 is prompt=login, also within the second of the last sign-in (OpenID Connect Core section 3.1.2.1). */
function isTooOld(maxAgeSeconds: number | undefined, authTime: Instant, now: Instant): boolean {
  return maxAgeSeconds !== undefined && (maxAgeSeconds === 0 || now - authTime > maxAgeSeconds * 1000);
}

function isOfRequiredClass(requiredAcr: readonly string[] | undefined, amr: readonly string[]): boolean {
  if (requiredAcr === undefined) return true;
  const acr = acrOf(amr);
  return acr !== undefined && requiredAcr.includes(acr);
}
