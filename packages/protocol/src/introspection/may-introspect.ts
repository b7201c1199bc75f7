import { type Client, type ClientMetadata, isPublic, type SigningAlgorithm } from "../client/client.ts";
import type { ClientId } from "../ids.ts";

/**
 * Whether a client may ask about an access token that was issued to `owner`: its own, or any of the tenant where it is a resource server. A public client
 * may not, as anybody could ask in its name (RFC 7662 section 4).
 */
export function mayIntrospect(client: Client, owner: ClientId): boolean {
  return !isPublic(client) && (client.id === owner || client.metadata.isResourceServer);
}

/** What a signed reply to the client is signed with, RFC 9701 section 6. */
export function introspectionAlgorithm({ introspectionSignedResponseAlg }: ClientMetadata): SigningAlgorithm {
  return introspectionSignedResponseAlg ?? "RS256";
}
