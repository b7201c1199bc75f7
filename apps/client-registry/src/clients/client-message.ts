import { registry } from "@signet/contracts";
import {
  type ClientMetadata,
  type ClientMetadataDraft,
  epochSeconds,
  formatScope,
  ResourceError,
  secretHashBytes,
} from "@signet/protocol";
import type { StoredClient } from "@signet/storage";
import { refreshTokensOf, toRefreshTokensMessage } from "../refresh-token-policy.ts";
import type { SecretView } from "./secret-view.ts";

/** A client as other services see it: of its secret at most the hash. */
export function toClientMessage(client: StoredClient, { hashes }: SecretView): registry.Client {
  return {
    clientId: client.id,
    tenantId: client.tenantId,
    metadata: toMetadataMessage(client.metadata),
    secretHash: hashes && client.secretHash !== undefined ? secretHashBytes(client.secretHash) : Buffer.alloc(0),
    createdAt: client.createdAt,
    updatedAt: client.updatedAt,
    clientSecretExpiresAt: client.secretExpiresAt === undefined ? 0 : epochSeconds(client.secretExpiresAt),
  };
}

function toMetadataMessage(metadata: ClientMetadata): registry.ClientMetadata {
  const {
    redirectUris,
    postLogoutRedirectUris,
    grantTypes,
    responseTypes,
    scope,
    contacts,
    customScopes,
    refreshTokens,
    ...rest
  } = metadata;
  return {
    accessTokenSignedResponseAlg: "",
    logoUri: "",
    clientUri: "",
    policyUri: "",
    tosUri: "",
    ...rest,
    redirectUris: [...redirectUris],
    postLogoutRedirectUris: [...postLogoutRedirectUris],
    grantTypes: [...grantTypes],
    responseTypes: [...responseTypes],
    scope: scope === undefined ? "" : formatScope(scope),
    contacts: [...contacts],
    scopes: customScopes.map((custom) => ({ ...custom, fields: [...custom.fields] })),
    refreshTokens: refreshTokens === undefined ? registry.RefreshTokens.UNSPECIFIED : toRefreshTokensMessage(refreshTokens),
  };
}

/** What a message says of a client, still unchecked. */
export function draftOf(metadata: registry.ClientMetadata | undefined): ClientMetadataDraft {
  const { refreshTokens, ...draft } = metadata ?? registry.ClientMetadata.create();
  return { ...draft, refreshTokens: refreshTokensOf(refreshTokens, undefined) };
}

/** By their names in RFC 7591 and on the wire. */
const members: ReadonlyMap<string, keyof registry.ClientMetadata> = new Map([
  ["redirect_uris", "redirectUris"],
  ["post_logout_redirect_uris", "postLogoutRedirectUris"],
  ["grant_types", "grantTypes"],
  ["response_types", "responseTypes"],
  ["token_endpoint_auth_method", "tokenEndpointAuthMethod"],
  ["application_type", "applicationType"],
  ["scope", "scope"],
  ["id_token_signed_response_alg", "idTokenSignedResponseAlg"],
  ["access_token_format", "accessTokenFormat"],
  ["access_token_signed_response_alg", "accessTokenSignedResponseAlg"],
  ["client_name", "clientName"],
  ["logo_uri", "logoUri"],
  ["client_uri", "clientUri"],
  ["policy_uri", "policyUri"],
  ["tos_uri", "tosUri"],
  ["contacts", "contacts"],
  ["scopes", "scopes"],
  ["refresh_tokens", "refreshTokens"],
]);

/**
 * What the client has, with the members named replaced by those of `sent`; to be validated as a whole.
 * @throws ResourceError invalid for a name that no member has
 */
export function mergedDraft(
  current: ClientMetadata,
  sent: registry.ClientMetadata | undefined,
  names: readonly string[],
): ClientMetadataDraft {
  const from = sent ?? registry.ClientMetadata.create();
  const merged = toMetadataMessage(current);
  for (const name of names) {
    const member = members.get(name);
    if (member === undefined) throw new ResourceError("invalid", "members may only have names of client metadata");
    copyMember(merged, from, member);
  }
  return draftOf(merged);
}

function copyMember<Member extends keyof registry.ClientMetadata>(
  to: registry.ClientMetadata,
  from: registry.ClientMetadata,
  member: Member,
): void {
  to[member] = from[member];
}
