import { hash } from "node:crypto";
import { OAuthError } from "../errors.ts";

/** An address that a client registered for its request objects. */
export interface RequestUri {
  /** What is fetched. */
  readonly url: string;
  /** SHA-256 of what has to be there, in base64url; absent where anything may. */
  readonly contentHash?: string;
}

const maximumLength = 2048;
const hashShape = /^[A-Za-z0-9_-]{43}$/;

/**
 * The address that `sent` names, which must be registered: exactly, or without the fragment with which `sent` names one version of what is there
 * (OpenID Connect Registration section 2, OpenID Connect Core section 6.2).
 * @throws OAuthError invalid_request_uri
 */
export function matchRequestUri(sent: string, registered: readonly string[]): RequestUri {
  const fragmentAt = sent.indexOf("#");
  const url = fragmentAt < 0 ? sent : sent.slice(0, fragmentAt);
  const contentHash = fragmentAt < 0 ? "" : sent.slice(fragmentAt + 1);
  const isRegistered = sent.length <= maximumLength && (registered.includes(sent) || registered.includes(url));
  if (!isRegistered) throw refused("request_uri is not exactly one of the request_uris registered for the client");
  if (contentHash === "") return { url };
  if (!hashShape.test(contentHash))
    throw refused("the fragment of request_uri must be the SHA-256 of what is there, in base64url");
  return { url, contentHash };
}

/** Whether this is what the address promises to be there. */
export function isContentOf({ contentHash }: RequestUri, content: string): boolean {
  return contentHash === undefined || hash("sha256", content, "base64url") === contentHash;
}

function refused(description: string): OAuthError {
  return new OAuthError("invalid_request_uri", description);
}
