import { OAuthError } from "../errors.ts";
import { isJsonObject, jsonIn } from "../json/json.ts";

/**
 * The subject of the ID token in `id_token_hint`, which may have expired; undefined where none was sent. Nobody needs to verify its signature: all
 * that a hint does is to rule out everybody else, and whoever forges one could have left it out.
 * @throws OAuthError invalid_request
 */
export function parseIdTokenHint(value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const [, payload = ""] = /^[^.]+\.([^.]+)\.[^.]*$/.exec(value) ?? [];
  const subject = subjectIn(Buffer.from(payload, "base64url").toString("utf8"));
  if (subject === undefined) throw new OAuthError("invalid_request", "id_token_hint must be an ID token");
  return subject;
}

function subjectIn(json: string): string | undefined {
  const claims = jsonIn(json);
  const subject = claims !== undefined && isJsonObject(claims) ? claims.sub : undefined;
  return typeof subject === "string" ? subject : undefined;
}
