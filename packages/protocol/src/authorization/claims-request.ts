import { OAuthError, ResourceError } from "../errors.ts";
import { isJsonObject, type Json, type JsonObject, parseJsonObject } from "../json/json.ts";

/** How one claim is asked for: OpenID Connect Core section 5.5.1. */
export interface ClaimRequest {
  readonly essential: boolean;
  /** Of `value` or `values`; absent where any value will do. */
  readonly values?: readonly Json[];
}

/** What the parameter `claims` asks for: OpenID Connect Core section 5.5. */
export interface ClaimsRequest {
  readonly userinfo: ReadonlyMap<string, ClaimRequest>;
  readonly idToken: ReadonlyMap<string, ClaimRequest>;
}

const maximumClaims = 64;
const maximumValues = 64;

/**
 * The parameter `claims`, at most 16 KiB and 16 levels of JSON. Members that are not known are ignored, of the request and of each claim
 * (OpenID Connect Core section 5.5).
 * @throws OAuthError invalid_request
 */
export function parseClaimsRequest(value: string | undefined): ClaimsRequest {
  const request = value === undefined ? {} : parsed(value);
  return { userinfo: claimsIn(request, "userinfo"), idToken: claimsIn(request, "id_token") };
}

function parsed(value: string): JsonObject {
  try {
    return parseJsonObject(value, "claims");
  } catch (cause) {
    if (cause instanceof ResourceError) throw new OAuthError("invalid_request", cause.description, { cause });
    throw cause;
  }
}

function claimsIn(request: JsonObject, member: "userinfo" | "id_token"): ReadonlyMap<string, ClaimRequest> {
  const claims = request[member] ?? {};
  if (!isJsonObject(claims)) throw refused(`the member ${member} of claims must be an object`);
  const entries = Object.entries(claims);
  if (entries.length > maximumClaims) throw refused(`the member ${member} of claims may have at most ${maximumClaims} claims`);
  return new Map(entries.map(([name, claim]) => [name, claimRequest(claim)]));
}

function claimRequest(claim: Json): ClaimRequest {
  if (claim === null) return { essential: false };
  if (!isJsonObject(claim)) throw refused("each claim in claims must be null or an object");
  const { essential = false, value, values = value === undefined ? undefined : [value] } = claim;
  if (typeof essential !== "boolean") throw refused("essential must be true or false, in each claim of claims");
  if (values === undefined) return { essential };
  if (!Array.isArray(values) || values.length > maximumValues) {
    throw refused(`values must be a list of at most ${maximumValues} entries, in each claim of claims`);
  }
  return { essential, values };
}

function refused(description: string): OAuthError {
  return new OAuthError("invalid_request", description);
}
