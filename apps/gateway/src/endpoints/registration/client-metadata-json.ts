import { registry } from "@signet/contracts";
import type { z } from "zod";
import { flag, listOf, objectOf, oneOf, parseBody, text, wholeNumber } from "../../http/json-members.ts";
import { furtherFromJson, furtherMembers, furtherToJson } from "./further-metadata-json.ts";
import { given, ifNot } from "./unusual-members.ts";

const { RefreshTokens } = registry;

/** A custom scope as the API shows it. */
const scopeJson = objectOf({ name: text, desc: text.exactOptional(), fields: listOf(text).exactOptional() });

/** The members of a client, RFC 7591 section 2 and our own: types and sizes. What their values may be is the registry's rule. */
const metadataJson = objectOf({
  application_type: text.exactOptional(),
  response_types: listOf(text).exactOptional(),
  scopes: listOf(scopeJson).exactOptional(),
  redirect_uris: listOf(text).exactOptional(),
  post_logout_redirect_uris: listOf(text).exactOptional(),
  client_name: text.exactOptional(),
  contacts: listOf(text).exactOptional(),
  logo_uri: text.exactOptional(),
  client_uri: text.exactOptional(),
  tos_uri: text.exactOptional(),
  policy_uri: text.exactOptional(),
  grant_types: listOf(text).exactOptional(),
  token_endpoint_auth_method: text.exactOptional(),
  scope: text.exactOptional(),
  id_token_signed_response_alg: text.exactOptional(),
  access_token_format: text.exactOptional(),
  access_token_signed_response_alg: text.exactOptional(),
  refresh_tokens: oneOf(["offline_access", "always", ""]).exactOptional(),
  ...furtherMembers,
});

const secretJson = objectOf({ client_secret_expires_at: wholeNumber.exactOptional(), generate_token: flag.exactOptional() });

export interface SentClient {
  readonly metadata: registry.ClientMetadata;
  /** Those members of the metadata that were sent, by their names on the wire. */
  readonly members: string[];
  /** Epoch seconds; 0: never. */
  readonly clientSecretExpiresAt?: number;
  readonly rotateSecret: boolean;
}

/**
 * A client as the body of a request tells of it. Members that are none of a client's are ignored (RFC 7591 section 2), so that nobody sets a
 * client's id or secret by sending one.
 * @throws ResourceError invalid
 */
export function clientFromJson(body: unknown): SentClient {
  const sent = parseBody(metadataJson, body);
  const { client_secret_expires_at, generate_token = false } = parseBody(secretJson, body);
  return {
    metadata: metadataFromJson(sent),
    members: Object.keys(sent),
    rotateSecret: generate_token,
    ...(client_secret_expires_at === undefined ? {} : { clientSecretExpiresAt: client_secret_expires_at }),
  };
}

/** To the registry an empty text or list counts as left out. */
function metadataFromJson(sent: z.output<typeof metadataJson>): registry.ClientMetadata {
  return {
    applicationType: sent.application_type ?? "",
    responseTypes: sent.response_types ?? [],
    scopes: (sent.scopes ?? []).map(({ name, desc = "", fields = [] }) => ({ name, description: desc, fields })),
    redirectUris: sent.redirect_uris ?? [],
    postLogoutRedirectUris: sent.post_logout_redirect_uris ?? [],
    clientName: sent.client_name ?? "",
    contacts: sent.contacts ?? [],
    logoUri: sent.logo_uri ?? "",
    clientUri: sent.client_uri ?? "",
    tosUri: sent.tos_uri ?? "",
    policyUri: sent.policy_uri ?? "",
    grantTypes: sent.grant_types ?? [],
    tokenEndpointAuthMethod: sent.token_endpoint_auth_method ?? "",
    scope: sent.scope ?? "",
    idTokenSignedResponseAlg: sent.id_token_signed_response_alg ?? "",
    accessTokenFormat: sent.access_token_format ?? "",
    accessTokenSignedResponseAlg: sent.access_token_signed_response_alg ?? "",
    refreshTokens: refreshTokensFromJson(sent.refresh_tokens ?? ""),
    ...furtherFromJson(sent),
  };
}

function refreshTokensFromJson(policy: "offline_access" | "always" | ""): registry.RefreshTokens {
  if (policy === "always") return RefreshTokens.ALWAYS;
  return policy === "offline_access" ? RefreshTokens.OFFLINE_ACCESS : RefreshTokens.UNSPECIFIED;
}

/** A client as it is created, read and listed, with its secret: empty for a public client. */
export function clientToJson({ client, clientSecret }: registry.GetClientResponse): object {
  const { clientId, metadata, clientSecretExpiresAt, selfRegistered, expiresAt } = completeClient(client);
  return {
    client_id: clientId,
    ...beginning(metadata),
    client_secret: clientSecret,
    ...rest(metadata, clientSecretExpiresAt),
    ...given("self_registered", selfRegistered),
    ...(expiresAt === 0 ? {} : { client_expires_at: Math.floor(expiresAt / 1000) }),
  };
}

/** A client as it is after an update: without its id, and with a secret only where that is a new one. */
export function updatedClientToJson({ client, clientSecret }: registry.UpdateClientResponse): object {
  const { metadata, clientSecretExpiresAt } = completeClient(client);
  return {
    ...beginning(metadata),
    ...given("client_secret", clientSecret),
    ...rest(metadata, clientSecretExpiresAt),
  };
}

/** @throws Error where the reply has no client */
export function completeClient(
  client: registry.Client | undefined,
): registry.Client & { readonly metadata: registry.ClientMetadata } {
  if (client?.metadata === undefined) throw new Error("the registry answered without the client");
  return { ...client, metadata: client.metadata };
}

function beginning({ applicationType, responseTypes, scopes }: registry.ClientMetadata): object {
  return {
    application_type: applicationType,
    response_types: responseTypes,
    scopes: scopes.map(({ name, description, fields }) => ({ name, desc: description, fields })),
  };
}

function rest(metadata: registry.ClientMetadata, clientSecretExpiresAt: number): object {
  return {
    redirect_uris: metadata.redirectUris,
    post_logout_redirect_uris: metadata.postLogoutRedirectUris,
    client_secret_expires_at: clientSecretExpiresAt,
    client_name: metadata.clientName,
    contacts: metadata.contacts,
    logo_uri: metadata.logoUri,
    client_uri: metadata.clientUri,
    tos_uri: metadata.tosUri,
    policy_uri: metadata.policyUri,
    ...unusual(metadata),
  };
}

/**
 * The members that the documented replies do not have, where they are not what they are by default: who never sets one gets the documented
 * reply, and who sets one can read it back.
 */
function unusual(metadata: registry.ClientMetadata): object {
  const idTokenAlg = metadata.idTokenSignedResponseAlg;
  const grantTypes = metadata.grantTypes;
  return {
    ...(grantTypes.length === 1 && grantTypes[0] === "authorization_code" ? {} : { grant_types: grantTypes }),
    ...ifNot("client_secret_basic", "token_endpoint_auth_method", metadata.tokenEndpointAuthMethod),
    ...given("scope", metadata.scope),
    ...ifNot("RS256", "id_token_signed_response_alg", idTokenAlg),
    ...ifNot("jwt", "access_token_format", metadata.accessTokenFormat),
    ...ifNot(idTokenAlg, "access_token_signed_response_alg", metadata.accessTokenSignedResponseAlg || idTokenAlg),
    ...given("refresh_tokens", refreshTokensToJson(metadata.refreshTokens)),
    ...furtherToJson(metadata),
  };
}

/** Empty: as the tenant says. */
export function refreshTokensToJson(policy: registry.RefreshTokens): string {
  if (policy === RefreshTokens.ALWAYS) return "always";
  return policy === RefreshTokens.OFFLINE_ACCESS ? "offline_access" : "";
}
