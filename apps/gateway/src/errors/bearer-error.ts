import { json } from "../http/reply.ts";
import type { ErrorStyle } from "./error-style.ts";
import { asciiOnly } from "./oauth-error.ts";

/** RFC 6750 section 3: the challenge tells what is wrong, and nothing more where no token was sent at all. */
export const bearerError: ErrorStyle = ({ status, code, description, headers }, request) => {
  if (status >= 500) return json(status, { error: code, error_description: asciiOnly(description) }, headers);
  const wasSent = request.headers.authorization !== undefined || code !== "invalid_token";
  const challenge = wasSent
    ? `Bearer realm="signet", error="${code}", error_description="${asciiOnly(description)}"`
    : 'Bearer realm="signet"';
  return json(status, { error: code, error_description: asciiOnly(description) }, { ...headers, "WWW-Authenticate": challenge });
};
