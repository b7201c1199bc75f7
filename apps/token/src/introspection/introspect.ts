import type { token } from "@signet/contracts";
import {
  type Client,
  clientAuthenticationFailed,
  type Instant,
  type IntrospectionReply,
  inactive,
  introspectionAlgorithm,
  introspectionJwtClaims,
  isPublic,
  issuerOf,
  parsePresentedToken,
  type Tenant,
} from "@signet/protocol";
import type { CallContext } from "nice-grpc-common";
import { type LimitedRequestDependencies, limitedRequest } from "../limits/limited-request.ts";
import { signJws } from "../signing/jws.ts";
import { describeAccessToken } from "./describe-access-token.ts";
import { describeRefreshToken } from "./describe-refresh-token.ts";
import type { DescriptionDependencies, Inquiry } from "./inquiry.ts";

export interface IntrospectionDependencies extends DescriptionDependencies, LimitedRequestDependencies {}

/**
 * What a token is worth, RFC 7662: to the client that it was issued to, and an access token to every resource server of the tenant. All other tokens are
 * inactive. As JSON, or as a JWT for the client that asks (RFC 9701).
 * @throws OAuthError invalid_request, invalid_client: a public client may not ask (RFC 7662 section 2.1)
 */
export async function introspect(
  request: token.IntrospectRequest,
  tenant: Tenant,
  context: CallContext,
  dependencies: IntrospectionDependencies,
): Promise<token.IntrospectResponse> {
  const { client, parameters, now } = await limitedRequest(request, tenant, dependencies);
  if (isPublic(client)) throw clientAuthenticationFailed("a public client may not introspect");
  const presented = parsePresentedToken(parameters);
  const inquiry: Inquiry = { tenant, client, now, context };
  const described =
    presented.kind === "refresh-token"
      ? await describeRefreshToken(presented.parts, inquiry, dependencies)
      : await describeAccessToken(presented.value, inquiry, dependencies);
  const reply = described ?? inactive;
  if (!request.asJwt) return { reply: { $case: "json", value: JSON.stringify(reply) } };
  return { reply: { $case: "jwt", value: await signedReply(reply, tenant, client, now, dependencies) } };
}

async function signedReply(
  reply: IntrospectionReply,
  tenant: Tenant,
  client: Client,
  now: Instant,
  { keys, publicUrl }: Pick<IntrospectionDependencies, "keys" | "publicUrl">,
): Promise<string> {
  const claims = introspectionJwtClaims(reply, { issuer: issuerOf(publicUrl, tenant.name), audience: client.id, now });
  const key = await keys.signingKey(tenant.id, introspectionAlgorithm(client.metadata));
  return signJws("token-introspection+jwt", claims, key);
}
