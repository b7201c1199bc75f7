import { registry } from "@signet/contracts";
import {
  type CertificateSubjectMember,
  type ClientMetadata,
  type ClientMetadataDraft,
  epochSeconds,
  formatClientJwks,
  formatScope,
  ResourceError,
  secretHashBytes,
} from "@signet/protocol";
import type { StoredClient } from "@signet/storage";
import { refreshTokensOf, toRefreshTokensMessage } from "../refresh-token-policy.ts";
import type { SecretView } from "./secret-view.ts";
import type { StatedMembers } from "./stated-members.ts";

/** A client as other services see it: of its secret at most the hash, and what else it is verified with. */
export function toClientMessage(client: StoredClient, { hashes }: SecretView, assertionSecret = ""): registry.Client {
  return {
    assertionSecret,
    clientId: client.id,
    tenantId: client.tenantId,
    metadata: toMetadataMessage(client.metadata),
    secretHash: hashes && client.secretHash !== undefined ? secretHashBytes(client.secretHash) : Buffer.alloc(0),
    createdAt: client.createdAt,
    updatedAt: client.updatedAt,
    clientSecretExpiresAt: client.secretExpiresAt === undefined ? 0 : epochSeconds(client.secretExpiresAt),
    expiresAt: client.expiresAt ?? 0,
    selfRegistered: client.registration !== undefined,
  };
}

const absentTexts = {
  accessTokenSignedResponseAlg: "",
  logoUri: "",
  clientUri: "",
  policyUri: "",
  tosUri: "",
  jwksUri: "",
  tokenEndpointAuthSigningAlg: "",
  tlsClientAuthSubjectDn: "",
  tlsClientAuthSanDns: "",
  tlsClientAuthSanUri: "",
  tlsClientAuthSanIp: "",
  tlsClientAuthSanEmail: "",
  userinfoSignedResponseAlg: "",
  introspectionSignedResponseAlg: "",
  requestObjectSigningAlg: "",
  sectorIdentifierUri: "",
  initiateLoginUri: "",
  backchannelLogoutUri: "",
  frontchannelLogoutUri: "",
  softwareId: "",
  softwareVersion: "",
};

const subjectFields = {
  tls_client_auth_subject_dn: "tlsClientAuthSubjectDn",
  tls_client_auth_san_dns: "tlsClientAuthSanDns",
  tls_client_auth_san_uri: "tlsClientAuthSanUri",
  tls_client_auth_san_ip: "tlsClientAuthSanIp",
  tls_client_auth_san_email: "tlsClientAuthSanEmail",
} as const satisfies Record<CertificateSubjectMember, keyof registry.ClientMetadata>;

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
    jwks,
    requestUris,
    defaultAcrValues,
    tlsClientAuthSubject,
    isResourceServer,
    ...rest
  } = metadata;
  return {
    ...absentTexts,
    ...rest,
    redirectUris: [...redirectUris],
    postLogoutRedirectUris: [...postLogoutRedirectUris],
    grantTypes: [...grantTypes],
    responseTypes: [...responseTypes],
    scope: scope === undefined ? "" : formatScope(scope),
    contacts: [...contacts],
    scopes: customScopes.map((custom) => ({ ...custom, fields: [...custom.fields] })),
    refreshTokens: refreshTokens === undefined ? registry.RefreshTokens.UNSPECIFIED : toRefreshTokensMessage(refreshTokens),
    jwks: jwks === undefined ? "" : formatClientJwks(jwks),
    requestUris: [...requestUris],
    defaultAcrValues: [...defaultAcrValues],
    resourceServer: isResourceServer,
    ...(tlsClientAuthSubject === undefined ? {} : { [subjectFields[tlsClientAuthSubject.member]]: tlsClientAuthSubject.value }),
  };
}

/** What a message says of a client, still unchecked. */
export function draftOf(metadata: registry.ClientMetadata | undefined): ClientMetadataDraft {
  const { refreshTokens, resourceServer, ...draft } = metadata ?? registry.ClientMetadata.create();
  return { ...draft, isResourceServer: resourceServer, refreshTokens: refreshTokensOf(refreshTokens, undefined) };
}

/** By their names in RFC 7591 and on the wire. */
export const membersByName: ReadonlyMap<string, keyof registry.ClientMetadata> = new Map([
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
  ["jwks", "jwks"],
  ["jwks_uri", "jwksUri"],
  ["token_endpoint_auth_signing_alg", "tokenEndpointAuthSigningAlg"],
  ["tls_client_auth_subject_dn", "tlsClientAuthSubjectDn"],
  ["tls_client_auth_san_dns", "tlsClientAuthSanDns"],
  ["tls_client_auth_san_uri", "tlsClientAuthSanUri"],
  ["tls_client_auth_san_ip", "tlsClientAuthSanIp"],
  ["tls_client_auth_san_email", "tlsClientAuthSanEmail"],
  ["tls_client_certificate_bound_access_tokens", "tlsClientCertificateBoundAccessTokens"],
  ["userinfo_signed_response_alg", "userinfoSignedResponseAlg"],
  ["introspection_signed_response_alg", "introspectionSignedResponseAlg"],
  ["request_object_signing_alg", "requestObjectSigningAlg"],
  ["require_signed_request_object", "requireSignedRequestObject"],
  ["request_uris", "requestUris"],
  ["subject_type", "subjectType"],
  ["sector_identifier_uri", "sectorIdentifierUri"],
  ["initiate_login_uri", "initiateLoginUri"],
  ["default_max_age", "defaultMaxAge"],
  ["require_auth_time", "requireAuthTime"],
  ["default_acr_values", "defaultAcrValues"],
  ["backchannel_logout_uri", "backchannelLogoutUri"],
  ["backchannel_logout_session_required", "backchannelLogoutSessionRequired"],
  ["frontchannel_logout_uri", "frontchannelLogoutUri"],
  ["frontchannel_logout_session_required", "frontchannelLogoutSessionRequired"],
  ["software_id", "softwareId"],
  ["software_version", "softwareVersion"],
  ["resource_server", "resourceServer"],
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
  return draftOf(mergedMessage(toMetadataMessage(current), sent ?? registry.ClientMetadata.create(), names));
}

/**
 * `to` with the members named as `from` has them.
 * @throws ResourceError invalid for a name that no member has
 */
function mergedMessage(
  to: registry.ClientMetadata,
  from: registry.ClientMetadata,
  names: readonly string[],
): registry.ClientMetadata {
  const merged = { ...to };
  for (const name of names) {
    const member = membersByName.get(name);
    if (member === undefined) throw new ResourceError("invalid", "members may only have names of client metadata");
    copyMember(merged, from, member);
  }
  return merged;
}

/** What was sent, with the members that a software statement has as it states them: they take precedence (RFC 7591 section 2.3). */
export function statedDraft(
  sent: registry.ClientMetadata | undefined,
  { metadata, members }: StatedMembers,
): ClientMetadataDraft {
  return draftOf(mergedMessage(sent ?? registry.ClientMetadata.create(), metadata, members));
}

/** Of what a client has, the members named. */
export function administeredDraft(metadata: ClientMetadata, names: readonly string[]): ClientMetadataDraft {
  const draft = draftOf(toMetadataMessage(metadata));
  const kept = new Set<string>(
    names.map((name) => (name === "resource_server" ? "isResourceServer" : (membersByName.get(name) ?? ""))),
  );
  return Object.fromEntries(Object.entries(draft).filter(([member]) => kept.has(member)));
}

/** The names of the members that are not in both the same. */
export function changedMembers(one: ClientMetadata, other: ClientMetadata): readonly string[] {
  const [before, after] = [toMetadataMessage(one), toMetadataMessage(other)];
  return [...membersByName].flatMap(([name, member]) =>
    JSON.stringify(before[member]) === JSON.stringify(after[member]) ? [] : [name],
  );
}

function copyMember<Member extends keyof registry.ClientMetadata>(
  to: registry.ClientMetadata,
  from: registry.ClientMetadata,
  member: Member,
): void {
  to[member] = from[member];
}
