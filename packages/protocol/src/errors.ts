/** The error codes that Signet answers with, each with where it is defined. */
const oauthErrorCodes = [
  // RFC 6749 sections 4.1.2.1 and 5.2
  "invalid_request",
  "invalid_client",
  "invalid_grant",
  "unauthorized_client",
  "unsupported_grant_type",
  "unsupported_response_type",
  "invalid_scope",
  "access_denied",
  "server_error",
  "temporarily_unavailable",
  // OpenID Connect Core section 3.1.2.6
  "interaction_required",
  "login_required",
  "account_selection_required",
  "consent_required",
  "registration_not_supported",
  "invalid_request_uri",
  "invalid_request_object",
  // OpenID Connect Core Error Code unmet_authentication_requirements 1.0 section 2
  "unmet_authentication_requirements",
  // RFC 6750 section 3.1
  "invalid_token",
  "insufficient_scope",
  // RFC 7009 section 2.2.1
  "unsupported_token_type",
  // RFC 7591 section 3.2.2
  "invalid_redirect_uri",
  "invalid_client_metadata",
  "invalid_software_statement",
  "unapproved_software_statement",
] as const;

export type OAuthErrorCode = (typeof oauthErrorCodes)[number];

/** Whether `value` is a code that Signet answers with. */
export function isOAuthErrorCode(value: string): value is OAuthErrorCode {
  return (oauthErrorCodes as readonly string[]).includes(value);
}

/** An answer of the protocol. The description is public: it tells a developer what to change and an attacker nothing. The cause is only logged. */
export class OAuthError extends Error {
  override readonly name = "OAuthError";
  readonly code: OAuthErrorCode;
  readonly description: string;

  constructor(code: OAuthErrorCode, description: string, options?: ErrorOptions) {
    super(`${code}: ${description}`, options);
    this.code = code;
    this.description = description;
  }
}

/** What can be wrong with a request for a thing that Signet keeps: a tenant, a client, a user, an interaction. */
export type ResourceErrorKind = "not_found" | "already_exists" | "invalid" | "unauthenticated" | "forbidden" | "unavailable";

/** The answer to a request that is no OAuth request: administration, registration, interactions. The description is public. */
export class ResourceError extends Error {
  override readonly name = "ResourceError";
  readonly kind: ResourceErrorKind;
  readonly description: string;

  constructor(kind: ResourceErrorKind, description: string, options?: ErrorOptions) {
    super(`${kind}: ${description}`, options);
    this.kind = kind;
    this.description = description;
  }
}

/** The answer to somebody who tries too often (RFC 6585 section 4), whatever they try. The description is public. */
export class RateLimitedError extends Error {
  override readonly name = "RateLimitedError";
  readonly description: string;
  /** After how many seconds another attempt makes sense; 1 at least. */
  readonly retryAfterSeconds: number;

  constructor(description: string, retryAfterMilliseconds: number, options?: ErrorOptions) {
    super(description, options);
    this.description = description;
    this.retryAfterSeconds = Math.max(1, Math.ceil(retryAfterMilliseconds / 1000));
  }
}
