import { json } from "../http/reply.ts";
import type { ErrorStyle } from "./error-style.ts";

/** RFC 6749 section 5.2. `WWW-Authenticate` answers a client that used the Authorization header. */
export const oauthError: ErrorStyle = ({ status, code, description, headers }, request) =>
  json(
    status,
    { error: code, error_description: asciiOnly(description) },
    code === "invalid_client" && request.headers.authorization !== undefined
      ? { ...headers, "WWW-Authenticate": 'Basic realm="signet"' }
      : headers,
  );

/** What RFC 6749 section 5.2 allows in error_description: printable ASCII without quotes and backslashes. */
export function asciiOnly(text: string): string {
  return text.replace(/[^\x20\x21\x23-\x5b\x5d-\x7e]/g, "?");
}
