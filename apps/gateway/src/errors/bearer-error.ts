import { json } from "../http/reply.ts";
import type { ErrorStyle } from "./error-style.ts";
import { asciiOnly } from "./oauth-error.ts";

/** RFC 6750 section 3: the challenge tells what is wrong, and nothing more where no token was sent at all (section 3.1). */
export const bearerError: ErrorStyle = ({ status, kind, code, description, headers }) => {
  const error = kind === "unauthenticated" ? "invalid_token" : code;
  const body = { error, error_description: asciiOnly(description) };
  if (status >= 500) return json(status, body, headers);
  const challenge =
    kind === "unauthenticated"
      ? 'Bearer realm="signet"'
      : `Bearer realm="signet", error="${error}", error_description="${body.error_description}"`;
  return json(status, body, { ...headers, "WWW-Authenticate": challenge });
};
