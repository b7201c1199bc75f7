import { createClientKeys } from "@signet/client-keys";
import { type Outbound, OutboundError, outboundOfOneCall } from "@signet/outbound";
import {
  type Client,
  Explanation,
  type Instant,
  isContentOf,
  issuerOf,
  JwtRefused,
  OAuthError,
  type Parameters,
  parseCompactJwt,
  type RequestObjectPlace,
  type RequestUri,
  requestObjectAlgorithms,
  requestObjectParameters,
  requestObjectPlace,
  type Tenant,
} from "@signet/protocol";

export interface RequestObjectDependencies {
  readonly outbound: Outbound;
  /** What every issuer begins with, without a trailing slash. */
  readonly publicUrl: string;
}

/**
 * The parameters that count: those sent, or those in the request object that was sent in their place, by value or by reference, signed with the client's keys
 * (OpenID Connect Core section 6, RFC 9101).
 * @throws OAuthError invalid_request, invalid_request_uri, invalid_request_object
 */
export async function effectiveParameters(
  sent: Parameters,
  client: Client,
  tenant: Tenant,
  now: Instant,
  { outbound, publicUrl }: RequestObjectDependencies,
): Promise<Parameters> {
  const place = requestObjectPlace(sent, client);
  if (place === undefined) return sent;
  // The object and the keys are at two addresses, each of which may be slow.
  const ofCall = outboundOfOneCall(outbound);
  const jwt = await verifiedObject(await objectAt(place, tenant, ofCall), client, ofCall);
  return requestObjectParameters(jwt, sent, { client, issuer: issuerOf(publicUrl, tenant.name), now });
}

async function verifiedObject(object: string, client: Client, outbound: Outbound) {
  try {
    const jwt = parseCompactJwt(object);
    await createClientKeys({ outbound }).verify(jwt, client, requestObjectAlgorithms(client));
    return jwt;
  } catch (cause) {
    if (!(cause instanceof JwtRefused)) throw cause;
    const description =
      "the request object must be a JWT that one of the client's keys signed, by the algorithm that the client is registered for";
    throw new OAuthError("invalid_request_object", description, { cause: explained("the request object", cause) });
  }
}

/** For the administrator: what exactly is wrong, which the browser is not told. */
function explained(what: string, cause: Error): Explanation {
  return new Explanation({ rule: `${what}: ${cause.message}` }, { cause });
}

async function objectAt(place: RequestObjectPlace, tenant: Tenant, outbound: Outbound): Promise<string> {
  if (place.kind === "value") return place.jwt;
  try {
    return await fetchedObject(place.uri, tenant, outbound);
  } catch (cause) {
    if (!(cause instanceof OutboundError)) throw cause;
    throw new OAuthError("invalid_request_uri", "the request object cannot be fetched from request_uri", {
      cause: explained("request_uri", cause),
    });
  }
}

/**
 * Each request may have another object at the same address: so only what the reply itself allows is used again, and nothing where it says nothing.
 */
const objectRequest = {
  maximumBytes: 16 * 1024,
  accept: "application/oauth-authz-req+jwt, application/jwt",
  freshness: { minimumMilliseconds: 0, otherwiseMilliseconds: 0, maximumMilliseconds: 60 * 60 * 1000 },
};

/** A hash that what is known does not have is that of a newer one (OpenID Connect Core section 6.2). */
async function fetchedObject(uri: RequestUri, { id }: Tenant, outbound: Pick<Outbound, "fetchText">): Promise<string> {
  const known = await outbound.fetchText(uri.url, { ...objectRequest, tenant: id });
  if (isContentOf(uri, known)) return known.trim();
  const newest = await outbound.fetchText(uri.url, { ...objectRequest, tenant: id, maximumAgeMilliseconds: 0 });
  if (isContentOf(uri, newest)) return newest.trim();
  throw new OAuthError("invalid_request_uri", "what is at request_uri has not the SHA-256 that its fragment names");
}
