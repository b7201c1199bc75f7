import { createHash, randomBytes } from "node:crypto";
import { type Contender, redirectUri } from "../contender.ts";

/** RFC 7636 section 4: a verifier and its S256 challenge. */
export interface ProofKey {
  readonly verifier: string;
  readonly challenge: string;
}

export function proofKey(): ProofKey {
  const verifier = randomBytes(32).toString("base64url");
  return { verifier, challenge: createHash("sha256").update(verifier).digest("base64url") };
}

/** An authorization request's path and query. `prompt=consent` is what offline_access asks for (OpenID Connect Core section 11). */
export function authorizationTarget(
  { authorizationPath, client }: Contender,
  { challenge, scope, prompt }: { readonly challenge: string; readonly scope: string; readonly prompt?: "consent" },
): string {
  const query = new URLSearchParams({
    response_type: "code",
    client_id: client.id,
    redirect_uri: redirectUri,
    scope,
    state: "0123456789abcdef",
    nonce: "fedcba9876543210",
    code_challenge: challenge,
    code_challenge_method: "S256",
    ...(prompt === undefined ? {} : { prompt }),
  });
  return `${authorizationPath}?${query}`;
}

/** A whole GET request, as a browser with that cookie sends it. */
export function getRequest({ port }: Contender, target: string, cookie: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: text/html\r\nCookie: ${cookie}\r\n\r\n`;
}

/** A whole GET request of a program. */
export function jsonRequest({ port }: Contender, target: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: application/json\r\n\r\n`;
}

/** A whole GET request that carries an access token: RFC 6750 section 2.1. */
export function bearerRequest({ port }: Contender, target: string, accessToken: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: application/json\r\nAuthorization: Bearer ${accessToken}\r\n\r\n`;
}

/** A whole token request, but for the form. */
export function tokenRequests(contender: Contender): (form: string) => string {
  return clientRequests(contender, contender.tokenPath);
}

/** A whole request to an endpoint where clients authenticate, but for the form: by client_secret_basic. */
export function clientRequests({ port, client }: Contender, path: string): (form: string) => string {
  const credentials = Buffer.from(`${client.id}:${client.secret}`).toString("base64");
  const head = `POST ${path} HTTP/1.1\r\nHost: localhost:${port}\r\nAccept: application/json\r\nAuthorization: Basic ${credentials}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: `;
  return (form) => `${head}${form.length}\r\n\r\n${form}`;
}

export function codeForm(code: string, verifier: string): string {
  return `grant_type=authorization_code&code=${encodeURIComponent(code)}&redirect_uri=${encodeURIComponent(redirectUri)}&code_verifier=${verifier}`;
}
