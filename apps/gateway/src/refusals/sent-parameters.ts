import { mask, masked, type SentParameter } from "@signet/protocol";

/** What a request was found to have in it, by the names that steps give it: parameters, fields of a form, members of a JSON body. */
export type FoundByName = Readonly<Record<string, unknown>>;

export interface ShownParameters {
  /** Those of names that Signet knows; masked where they may be secret. */
  readonly parameters: readonly SentParameter[];
  /** How many more were sent: even a name may be a secret in the wrong place. */
  readonly others: number;
}

/** What says nothing secret, and a developer may have got wrong: parameters of the protocol, and members of a client's metadata. */
const shown: ReadonlySet<string> = new Set([
  ...["client_id", "redirect_uri", "response_type", "response_mode", "scope", "grant_type", "prompt", "max_age", "display"],
  ...["ui_locales", "acr_values", "code_challenge_method", "resource", "audience", "token_type_hint", "client_assertion_type"],
  ...["post_logout_redirect_uri", "decision", "limit", "redirect_uris", "post_logout_redirect_uris", "grant_types"],
  ...["response_types", "token_endpoint_auth_method", "token_endpoint_auth_signing_alg", "application_type", "subject_type"],
  ...["id_token_signed_response_alg", "userinfo_signed_response_alg", "request_object_signing_alg", "access_token_format"],
  ...["access_token_signed_response_alg", "introspection_signed_response_alg", "jwks_uri", "sector_identifier_uri"],
  ...["initiate_login_uri", "default_max_age", "require_auth_time", "default_acr_values", "backchannel_logout_uri"],
  ...["frontchannel_logout_uri", "refresh_tokens", "logo_uri", "client_uri", "policy_uri", "tos_uri"],
]);

/** What may be secret, or a person's: only that it was sent is told. */
const hidden: ReadonlySet<string> = new Set([
  ...["client_secret", "code", "code_verifier", "code_challenge", "refresh_token", "access_token", "id_token", "token"],
  ...["assertion", "client_assertion", "subject_token", "actor_token", "request", "request_uri", "id_token_hint", "login_hint"],
  ...["state", "nonce", "username", "password", "csrf_token", "claims", "registration", "device_code", "user_code", "sid"],
  ...["logout_token", "jwks", "software_statement", "client_name", "contacts", "scopes", "email", "roles", "attributes"],
  ...["cursor", "iss", "target_link_uri", "logout_hint"],
]);

const maximumParameters = 64;

/** What of a request may be shown to its tenant's administrator. */
export function shownParameters(found: FoundByName): ShownParameters {
  const parameters: SentParameter[] = [];
  let others = 0;
  for (const { name, value } of sentIn(found)) {
    const isKnown = shown.has(name) || hidden.has(name);
    if (isKnown && parameters.length < maximumParameters) {
      parameters.push({ name, value: shown.has(name) ? masked(value) : mask });
    } else others += 1;
  }
  return { parameters, others };
}

function* sentIn({ parameters, form, fields, query, body }: FoundByName): Generator<SentParameter> {
  for (const list of [parameters, form]) if (Array.isArray(list)) for (const sent of list) if (isSent(sent)) yield sent;
  for (const map of [fields, query])
    if (map instanceof Map) for (const [name, value] of map) yield { name: String(name), value: String(value) };
  if (typeof body !== "object" || body === null) return;
  for (const [name, value] of Object.entries(body))
    yield { name, value: typeof value === "string" ? value : JSON.stringify(value) };
}

function isSent(value: unknown): value is SentParameter {
  return typeof value === "object" && value !== null && "name" in value && "value" in value && typeof value.value === "string";
}
