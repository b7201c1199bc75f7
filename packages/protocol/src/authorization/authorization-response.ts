import type { OAuthError } from "../errors.ts";
import { type Explanation, explanationOf } from "../explanation/explanation.ts";
import type { SentParameter } from "../parameters/parameters.ts";
import type { RedirectUri } from "../redirect-uri/redirect-uri.ts";
import type { Secret } from "../secret/secret.ts";
import type { Issuer } from "../tenant/tenant.ts";
import type { Redirection, ResponseMode } from "./redirection.ts";

/** What the browser carries to the client. */
export interface AuthorizationResponse {
  readonly redirectUri: RedirectUri;
  readonly responseMode: ResponseMode;
  readonly parameters: readonly SentParameter[];
  /** Why it was refused, if it was: for the administrator. */
  readonly refusedFor?: Explanation | undefined;
}

/** RFC 6749 section 4.1.2, with `iss` (RFC 9207 section 2). */
export function codeResponse(redirection: Redirection, code: Secret, issuer: Issuer): AuthorizationResponse {
  return response(redirection, [{ name: "code", value: code }], issuer);
}

/** RFC 6749 section 4.1.2.1, with `iss` (RFC 9207 section 2). */
export function errorResponse(redirection: Redirection, error: OAuthError, issuer: Issuer): AuthorizationResponse {
  const members = [
    { name: "error", value: error.code },
    { name: "error_description", value: error.description },
  ];
  return { ...response(redirection, members, issuer), refusedFor: explanationOf(error) };
}

function response(
  { redirectUri, responseMode, state }: Redirection,
  members: readonly SentParameter[],
  issuer: Issuer,
): AuthorizationResponse {
  const echoed = state === undefined ? [] : [{ name: "state", value: state }];
  return { redirectUri, responseMode, parameters: [...members, ...echoed, { name: "iss", value: issuer }] };
}
