import type { JsonObject } from "../json/json.ts";
import type { Parameters } from "../parameters/parameters.ts";
import type { AuthorizationProfile } from "./authorization-request.ts";

/** An authorization request as it was sent, which is what an interaction keeps of it. */
export interface SentAuthorizationRequest {
  readonly parameters: Parameters;
  readonly profile: AuthorizationProfile;
}

/**
 * The raw parameters and not the outcome of parsing them: whoever resumes the request parses it against the client as it is then, so that a
 * redirect URI or response type that was withdrawn in between is refused.
 */
export function storeAuthorizationRequest({ parameters, profile }: SentAuthorizationRequest): JsonObject {
  return { profile, parameters: [...parameters] };
}

/** The reverse of `storeAuthorizationRequest`; undefined for what did not come from it. */
export function restoreAuthorizationRequest(stored: JsonObject): SentAuthorizationRequest | undefined {
  const { profile, parameters: pairs } = stored;
  if ((profile !== "standard" && profile !== "strict") || !Array.isArray(pairs)) return undefined;
  const parameters = new Map<string, string>();
  for (const pair of pairs) {
    if (!Array.isArray(pair)) return undefined;
    const [name, value] = pair;
    if (typeof name !== "string" || typeof value !== "string") return undefined;
    parameters.set(name, value);
  }
  return { parameters, profile };
}
