import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";
import type { ClientId } from "../ids.ts";
import { answersChallenge, type CodeChallenge, parseCodeVerifier } from "../pkce/pkce.ts";
import type { RedirectUri } from "../redirect-uri/redirect-uri.ts";

/** What an authorization code was bound to when it was issued (RFC 6749 section 4.1.2, RFC 7636 section 4.4). */
export interface CodeBinding {
  readonly clientId: ClientId;
  readonly redirectUri: RedirectUri;
  /** Absent where the authorization request had none. */
  readonly codeChallenge?: CodeChallenge;
}

/** What a code is redeemed with, not yet looked at. */
export interface CodeRedemption {
  /** Of the client that authenticated. */
  readonly clientId: string;
  readonly redirectUri: string;
  /** Empty where none was sent. */
  readonly codeVerifier: string;
}

/**
 * Whether a code is redeemed by its client, with its redirect URI and with the verifier of its challenge (RFC 6749 section 4.1.3, RFC 7636
 * section 4.6).
 * @throws OAuthError invalid_grant
 */
export function checkCodeBinding({ clientId, redirectUri, codeChallenge }: CodeBinding, redemption: CodeRedemption): void {
  if (clientId !== redemption.clientId) throw new OAuthError("invalid_grant", "the code was issued to another client");
  if (redirectUri !== redemption.redirectUri) {
    throw new OAuthError("invalid_grant", "redirect_uri is not that of the authorization request", {
      cause: new Explanation({
        rule: "redirect_uri is that of the authorization request (RFC 6749 section 4.1.3)",
        expected: redirectUri,
        sent: redemption.redirectUri,
      }),
    });
  }
  checkVerifier(codeChallenge, redemption.codeVerifier);
}

/** A verifier without a challenge means that somebody took the challenge out of the request (RFC 9700 section 2.1.1). */
function checkVerifier(codeChallenge: CodeChallenge | undefined, sent: string): void {
  if (codeChallenge === undefined) {
    if (sent === "") return;
    throw new OAuthError("invalid_grant", "code_verifier was sent, but the authorization request had no code_challenge");
  }
  if (sent === "") throw new OAuthError("invalid_grant", "code_verifier is missing");
  if (!answersChallenge(parseCodeVerifier(sent), codeChallenge)) {
    throw new OAuthError("invalid_grant", "code_verifier does not answer the code_challenge");
  }
}
