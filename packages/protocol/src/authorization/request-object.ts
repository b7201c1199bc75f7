import { z } from "zod";
import type { Client, ClientSigningAlgorithm } from "../client/client.ts";
import { clientSigningAlgorithms } from "../client/client.ts";
import { OAuthError } from "../errors.ts";
import { type Instant, later } from "../instant.ts";
import type { CompactJwt } from "../jwt/compact-jwt.ts";
import { type Parameters, parseParameters, type SentParameter } from "../parameters/parameters.ts";
import type { Issuer } from "../tenant/tenant.ts";
import { matchRequestUri, type RequestUri } from "./request-uri.ts";

/** Where the request object of a request is: in it (OpenID Connect Core section 6.1), or at an address of the client's (section 6.2). */
export type RequestObjectPlace =
  | { readonly kind: "value"; readonly jwt: string }
  | { readonly kind: "reference"; readonly uri: RequestUri };

/**
 * Where the request object is; undefined where the request has none and needs none.
 * @throws OAuthError invalid_request where there are two, or none although the client is registered to send one (RFC 9101 section 10.5);
 * invalid_request_uri where the address is not one that is registered for the client
 */
export function requestObjectPlace(parameters: Parameters, { metadata }: Client): RequestObjectPlace | undefined {
  const jwt = parameters.get("request");
  const uri = parameters.get("request_uri");
  if (jwt !== undefined && uri !== undefined) {
    throw new OAuthError("invalid_request", "request and request_uri must not be used together");
  }
  if (jwt !== undefined) return { kind: "value", jwt };
  if (uri !== undefined) return { kind: "reference", uri: matchRequestUri(uri, metadata.requestUris) };
  if (!metadata.requireSignedRequestObject) return undefined;
  throw new OAuthError("invalid_request", "the client is registered to send each request as a signed request object");
}

/** What the client may sign its request objects with: the one algorithm that it is registered for, or any. `none` is not among them. */
export function requestObjectAlgorithms({ metadata }: Client): readonly ClientSigningAlgorithm[] {
  const { requestObjectSigningAlg: registered } = metadata;
  return registered === undefined ? clientSigningAlgorithms : [registered];
}

export interface RequestObjectExpectation {
  readonly client: Client;
  readonly issuer: Issuer;
  readonly now: Instant;
}

/** The clocks may be a minute apart. */
const toleranceMilliseconds = 60_000;

/** The types that a request object may say it has: another says that it is meant for something else (RFC 9101 section 10.8.1). */
const types: ReadonlySet<string> = new Set(["jwt", "oauth-authz-req+jwt", "application/oauth-authz-req+jwt"]);

const numericDate = z.number().nonnegative().max(1e11);
const claimsShape = z.looseObject({
  iss: z.string(),
  aud: z.union([z.string(), z.array(z.string()).max(20)]),
  client_id: z.string(),
  exp: numericDate.optional(),
  nbf: numericDate.optional(),
});

/** What a request object may hold beside what every JWT may: the parameters of an authorization request. */
const parameterNames = [
  "response_type",
  "client_id",
  "redirect_uri",
  "scope",
  "state",
  "nonce",
  "response_mode",
  "display",
  "prompt",
  "max_age",
  "ui_locales",
  "claims_locales",
  "id_token_hint",
  "login_hint",
  "acr_values",
  "claims",
  "code_challenge",
  "code_challenge_method",
  "registration",
] as const;

/** OpenID Connect Core section 6.1 has these sent beside the object, which may then do without them. */
const completing = ["response_type", "scope"] as const;

/**
 * What must not be said beside the object unless it says the same: what the answer is bound to. Elsewhere what stands beside it is ignored
 * (RFC 9101 section 6.3); of these whoever changed one is to be noticed.
 */
const binding = [
  "response_type",
  "redirect_uri",
  "state",
  "nonce",
  "response_mode",
  "code_challenge",
  "code_challenge_method",
] as const;

/**
 * The parameters of a request whose object was verified: those in the object, and no others, but for response_type and scope where the object does without
 * them (RFC 9101 section 6.3, OpenID Connect Core section 6.1). `sent` is what came beside it.
 * @throws OAuthError invalid_request_object
 */
export function requestObjectParameters(jwt: CompactJwt, sent: Parameters, expectation: RequestObjectExpectation): Parameters {
  checkClaims(jwt, expectation);
  const within = parametersIn(jwt.claims);
  const effective = new Map(within);
  for (const name of completing) {
    const value = sent.get(name);
    if (value !== undefined && !within.has(name)) effective.set(name, value);
  }
  const contradicted = binding.find((name) => sent.has(name) && sent.get(name) !== effective.get(name));
  if (contradicted !== undefined) {
    throw refused(`the parameter ${contradicted} beside the request object is not what the object says, which alone counts`);
  }
  return effective;
}

function checkClaims({ header, claims }: CompactJwt, { client, issuer, now }: RequestObjectExpectation): void {
  if (header.typ !== undefined && !types.has(header.typ.toLowerCase())) {
    throw refused("the typ of a request object must be oauth-authz-req+jwt, JWT or left out");
  }
  const parsed = claimsShape.safeParse(claims);
  if (!parsed.success) {
    throw refused("a request object must have the texts iss, aud and client_id, and exp and nbf only as numbers");
  }
  const { iss, aud, client_id, sub, exp, nbf } = parsed.data;
  if (client_id !== client.id || iss !== client.id) {
    throw refused("iss and client_id of a request object must be the client_id that is sent beside it");
  }
  // RFC 9101 section 10.8: it might pass for the proof of who the client is.
  if (sub === client.id) throw refused("sub of a request object must not be the client's id");
  if (aud !== issuer && !(Array.isArray(aud) && aud.includes(issuer)))
    throw refused("aud of a request object must be the issuer");
  if (exp !== undefined && exp * 1000 <= now) throw refused("the request object has expired");
  if (nbf !== undefined && nbf * 1000 > later(now, toleranceMilliseconds))
    throw refused("nbf of the request object is in the future");
  for (const nested of ["request", "request_uri"]) {
    if (claims[nested] !== undefined) throw refused(`a request object must not hold ${nested} (RFC 9101 section 4)`);
  }
}

function parametersIn(claims: CompactJwt["claims"]): Parameters {
  const sent: SentParameter[] = [];
  for (const name of parameterNames) {
    const value = claims[name];
    if (value !== undefined && value !== null) sent.push({ name, value: parameterOf(name, value) });
  }
  try {
    return parseParameters(sent);
  } catch (cause) {
    if (cause instanceof OAuthError) throw refused(`in the request object, ${cause.description}`);
    throw cause;
  }
}

/** Numbers are JSON numbers, and `claims` is an object (RFC 9101 section 4, OpenID Connect Core section 6.1). */
function parameterOf(name: string, value: unknown): string {
  if (typeof value === "string") return value;
  if (name === "max_age" && typeof value === "number") return String(value);
  if ((name === "claims" || name === "registration") && typeof value === "object") return JSON.stringify(value);
  throw refused(`the member ${name} of the request object must be a text`);
}

function refused(description: string): OAuthError {
  return new OAuthError("invalid_request_object", description);
}
