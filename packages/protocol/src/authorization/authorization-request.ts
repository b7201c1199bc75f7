import { type Client, isPublic } from "../client/client.ts";
import { isDisplayText } from "../display/display-text.ts";
import { OAuthError } from "../errors.ts";
import { Explanation } from "../explanation/explanation.ts";
import { type Parameters, required } from "../parameters/parameters.ts";
import { type CodeChallenge, parseCodeChallenge } from "../pkce/pkce.ts";
import { openScopes } from "../scope/open-scopes.ts";
import { parseScope } from "../scope/scope.ts";
import { type ClaimsRequest, parseClaimsRequest } from "./claims-request.ts";
import { parseExpectedSubjects } from "./expected-subject.ts";
import { parseIdTokenHint } from "./id-token-hint.ts";
import { parseResponseMode, type Redirection } from "./redirection.ts";
import { grantableClaims, type RequestedClaims } from "./requested-claims.ts";

/** OpenID Connect Core section 3.1.2.1. */
export const prompts = ["none", "login", "consent", "select_account"] as const;
export type Prompt = (typeof prompts)[number];

/** OpenID Connect Core section 3.1.2.1. Signet's pages fit all of them as they are. */
export const displays = ["page", "popup", "touch", "wap"] as const;

/** `strict` requires state, scope and an S256 challenge from every client. */
export type AuthorizationProfile = "standard" | "strict";

/** What a request is held to beside the client's metadata. */
export interface AuthorizationRules {
  readonly profile: AuthorizationProfile;
  /** As the tenant's settings say. */
  readonly requirePkce: boolean;
}

/** An authorization request that may be acted upon: RFC 6749 section 4.1.1, OpenID Connect Core section 3.1.2.1. */
export interface AuthorizationRequest extends Redirection {
  readonly responseType: "code";
  /** What may be granted: known, and open to the client; in the order asked for; never empty. */
  readonly scopes: readonly string[];
  /** What was asked for. */
  readonly requestedScopes: readonly string[];
  readonly nonce?: string;
  readonly codeChallenge?: CodeChallenge;
  readonly prompt: ReadonlySet<Prompt>;
  readonly maxAgeSeconds?: number;
  readonly loginHint?: string;
  /** Whom alone it may be answered for; absent: anybody. */
  readonly expectedSubjects?: readonly string[];
  /** What `claims` asks for and may be granted; also in their order. */
  readonly requestedClaims: RequestedClaims;
  /** One of these the sign-in has to be, or the request fails (OpenID Connect Core section 5.5.1.1); absent: any sign-in will do. */
  readonly requiredAcr?: readonly string[];
}

const maximumNonceLength = 1024;
const maximumLoginHintLength = 254;

/**
 * The whole request; or, where something in it is wrong, the error that the client is to be told at its redirect URI
 * (RFC 6749 section 4.1.2.1). Parameters that are not known are ignored (RFC 6749 section 3.1).
 */
export function parseAuthorizationRequest(
  parameters: Parameters,
  redirection: Redirection,
  rules: AuthorizationRules,
): AuthorizationRequest | OAuthError {
  try {
    return parse(parameters, redirection, rules);
  } catch (error) {
    if (error instanceof OAuthError) return error;
    throw error;
  }
}

function parse(parameters: Parameters, redirection: Redirection, rules: AuthorizationRules): AuthorizationRequest {
  const { client } = redirection;
  // OpenID Connect Core section 3.1.2.6.
  if (parameters.has("registration")) {
    throw new OAuthError(
      "registration_not_supported",
      "the parameter registration is not supported: register the client instead",
    );
  }
  checkResponse(parameters, client);
  if (rules.profile === "strict") for (const name of ["state", "scope", "code_challenge"]) required(parameters, name);
  const codeChallenge = parseCodeChallenge(parameters.get("code_challenge"), parameters.get("code_challenge_method"));
  if (codeChallenge === undefined) checkMayDoWithoutPkce(client, rules);
  const requestedScopes = parseRequestedScopes(parameters);
  const nonce = parseNonce(parameters.get("nonce"));
  const maxAgeSeconds = parseMaxAge(parameters.get("max_age")) ?? client.metadata.defaultMaxAge;
  const loginHint = parseLoginHint(parameters.get("login_hint"));
  parseDisplay(parameters.get("display"));
  const scopes = grantableScopes(requestedScopes, client);
  // Without the scope openid it is a request of OAuth alone, which knows no claims (OpenID Connect Core section 3.1.2.1).
  const claims = parseClaimsRequest(scopes.includes("openid") ? parameters.get("claims") : undefined);
  const expectedSubjects = parseExpectedSubjects(parseIdTokenHint(parameters.get("id_token_hint")), claims);
  const asksForAcr = parameters.has("acr_values") || client.metadata.defaultAcrValues.length > 0;
  const requiredAcr = requiredAcrOf(claims);
  return {
    ...redirection,
    responseType: "code",
    scopes,
    requestedScopes,
    prompt: parsePrompt(parameters.get("prompt")),
    requestedClaims: grantableClaims(claims, client, asksForAcr),
    ...(nonce === undefined ? {} : { nonce }),
    ...(codeChallenge === undefined ? {} : { codeChallenge }),
    ...(maxAgeSeconds === undefined ? {} : { maxAgeSeconds }),
    ...(loginHint === undefined ? {} : { loginHint }),
    ...(expectedSubjects === undefined ? {} : { expectedSubjects }),
    ...(requiredAcr === undefined ? {} : { requiredAcr }),
  };
}

function checkResponse(parameters: Parameters, client: Client): void {
  const sent = required(parameters, "response_type");
  if (sent !== "code") {
    const cause = new Explanation({ rule: "response_type is one that Signet knows", expected: "code", sent });
    throw new OAuthError("unsupported_response_type", "response_type must be code", { cause });
  }
  if (!client.metadata.responseTypes.includes("code") || !client.metadata.grantTypes.includes("authorization_code")) {
    throw new OAuthError("unauthorized_client", "the client is not registered for the authorization code flow");
  }
  if (parseResponseMode(parameters) === undefined) {
    throw new OAuthError("invalid_request", "response_mode must be query or form_post");
  }
}

/** Whoever reads the response of a client without a secret could redeem its code (RFC 9700 section 2.1.1). */
function checkMayDoWithoutPkce(client: Client, { requirePkce }: AuthorizationRules): void {
  if (!isPublic(client) && !requirePkce) return;
  const who = isPublic(client) ? "a client without a secret" : "every client of this issuer";
  throw new OAuthError("invalid_request", `code_challenge is missing: ${who} must use PKCE with S256`);
}

function parseNonce(value: string | undefined): string | undefined {
  if (value !== undefined && value.length > maximumNonceLength) {
    throw new OAuthError("invalid_request", `nonce may have at most ${maximumNonceLength} characters`);
  }
  return value;
}

function parseRequestedScopes(parameters: Parameters): readonly string[] {
  const scope = parameters.get("scope");
  if (scope === undefined) throw new OAuthError("invalid_scope", "the parameter scope is missing");
  return parseScope(scope);
}

/**
 * What of the scopes asked for may be granted. The others are ignored (OpenID Connect Core section 3.1.2.1): those nobody knows, those
 * beyond the client's registered `scope`, and offline_access for a client that could not use the refresh token (section 11).
 */
function grantableScopes(requested: readonly string[], client: Client): readonly string[] {
  const open = openScopes(client);
  const grantable = requested.filter((name) => open.has(name));
  if (grantable.length === 0) {
    throw new OAuthError("invalid_scope", "none of the scope values is known and open to the client", {
      cause: new Explanation({
        rule: "a value of scope at least is known and open to the client: its scope, scopes and grant_types",
        expected: [...open].join(" "),
        sent: requested.join(" "),
      }),
    });
  }
  return grantable;
}

function parsePrompt(value: string | undefined): ReadonlySet<Prompt> {
  const sent = new Set((value ?? "").split(" ").filter((word) => word !== ""));
  const known = new Set(prompts.filter((prompt) => sent.has(prompt)));
  if (known.size !== sent.size)
    throw new OAuthError("invalid_request", `prompt may have only these values: ${prompts.join(", ")}`);
  if (known.has("none") && known.size > 1) {
    throw new OAuthError("invalid_request", "prompt has none, which goes with no other value");
  }
  return known;
}

function parseDisplay(value: string | undefined): void {
  if (value === undefined || displays.some((display) => display === value)) return;
  throw new OAuthError("invalid_request", `display must be one of: ${displays.join(", ")}`);
}

/** A voluntary acr, as one in acr_values, is only a wish. */
function requiredAcrOf({ idToken }: ClaimsRequest): readonly string[] | undefined {
  const acr = idToken.get("acr");
  return acr?.essential === true ? acr.values?.filter((value) => typeof value === "string") : undefined;
}

function parseMaxAge(value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^[0-9]{1,10}$/.test(value)) throw new OAuthError("invalid_request", "max_age must be a whole number of seconds");
  return Number(value);
}

/** Only a hint: one that is no line of text is as good as none. */
function parseLoginHint(value: string | undefined): string | undefined {
  return value !== undefined && isDisplayText(value, maximumLoginHintLength) ? value : undefined;
}
